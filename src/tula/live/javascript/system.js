// The equations joined into one map whose zero is the equilibrium: prepare.py, equations.py, system.py.

//: Bounds on the ratio of demand to spending at an iterate, whose incomes may be negative.
const LEAST_RATIO = 1e-2,
  LARGEST_RATIO = 1e2;

/** Ratio of new to old wedge between a cell's producer and buyer, all taxes and costs in. */
function wedgeHat(cal, shock, c) {
  let hat = (1 + shock.tariff[c]) / (1 + cal.tariff[c]);
  if (shock.exportTax)
    hat *= (1 + shock.exportTax[c]) / (1 + (cal.exportTax ? cal.exportTax[c] : 0));
  return shock.tradeCost ? hat * shock.tradeCost[c] : hat;
}

/** The arrays an iteration reads; every power is taken here, once (prepare.py, accesses.py).

    `rule`: imbalances as level and rate by region; `fade`: what is left of embargoed trade. */
function prepare(cal, shock, rule, fade = 0) {
  const { N, S, theta } = cal,
    taxed = !!shock.exportTax;
  const separate = taxed || shock.limits.some((one) => one.rent === "exporter");
  const access = cal.share.slice(),
    border = cal.border.slice();
  const producer = separate ? cal.producer.slice() : border;
  let pressure = null;
  for (let row = 0; row < theta.length; row++)
    if (theta[row] === 0) pressure = pressure || F(S * N);
  for (const c of shock.touched) {
    const row = (c / N) | 0,
      shut = shock.embargo && shock.embargo[c];
    const logWedge = log(wedgeHat(cal, shock, c));
    let reached = cal.share[c] * exp(-theta[row] * logWedge);
    if (reached === 0 && cal.share[c] > 0 && !shut)
      throw new Refusal(
        "what is traded becomes too little to count under its duties and costs: use an embargo in their place",
      );
    if (shut) reached *= fade;
    if (shock.left) reached *= shock.left[c];
    access[c] = reached;
    border[c] = reached / (1 + shock.tariff[c]);
    if (separate) producer[c] = border[c] / (taxed ? 1 + shock.exportTax[c] : 1);
    if (pressure && theta[row] === 0) pressure[row] += cal.share[c] * logWedge;
  }
  const limited = [];
  shock.limits.forEach((one, g) =>
    one.cells.forEach((c, q) =>
      limited.push({
        c,
        g,
        weight: one.weight[q],
        row: (c / N) | 0,
        logWedge: log(wedgeHat(cal, shock, c)),
        logLeft: shock.left ? log(shock.left[c]) : 0,
        access: access[c],
        border: border[c],
        producer: producer[c],
      }),
    ),
  );
  const work = {
    level: F(N),
    income: F(N),
    valueAdded: F(N),
    imported: F(N),
    exported: F(N),
    imbalance: F(N),
    logPrice: F(N * S),
    logFactor: F(N * S),
    logCost: F(N * S),
    spending: F(N * S),
    output: F(N * S),
    offered: F(N * S),
    supply: F(S * N),
    strength: F(cal.byBuyer ? S * N * N : S * N),
    sold: F(S * N),
    shipped: separate ? F(S * N) : null,
    atBorder: F(S * N),
    gap: F(N * cal.each + shock.limits.length),
    earned: F(N * S),
    wedge: null,
    splits: null,
    over: F(shock.limits.length),
  };
  return {
    cal,
    shock,
    rule,
    access,
    border,
    producer,
    separate,
    pressure,
    limited,
    work,
    size: N * cal.each,
    limits: shock.limits,
  };
}

/** The parts of a limit's unknown, in logs: its wedge, what importer and exporter keep of it, and
    what is bought over its ceiling (limits.py).

    Beyond a tariff quota licences keep the wedge on the quota alone; the rest of it is duty. */
function split({ rent, logBeyond }, unknown) {
  const over = max(unknown - logBeyond, 0),
    whole = unknown - over,
    kept = over > 0 ? log1p(exp(-over) * expm1(whole)) : whole;
  return {
    over,
    whole,
    toImporter: whole - kept + (rent === "importer" ? kept : 0),
    toExporter: rent === "exporter" ? kept : 0,
  };
}

/** Put the limits' wedges into their cells: what buyers reach, and what is left at each stage. */
function squeeze(system, splits) {
  const { limited, access, border, producer, separate, cal } = system,
    { theta } = cal;
  for (const one of limited) {
    access[one.c] = one.access;
    border[one.c] = one.border;
    if (separate) producer[one.c] = one.producer;
  }
  for (const one of limited) {
    const { whole, toImporter, toExporter } = splits[one.g],
      pressed = exp(-theta[one.row] * whole);
    access[one.c] *= pressed;
    border[one.c] *= pressed * exp(-toImporter);
    if (separate) producer[one.c] *= pressed * exp(-toImporter - toExporter);
  }
}

/** The violation of every equation at some unknowns, in logs, into `work.gap` (system.py).

    Returns the largest. Limits carry the larger of excess and no wedge. */
function evaluate(system, y) {
  const { cal, rule, limits, work: w } = system;
  w.wedge = y.subarray(system.size);
  w.splits = limits.map((one, g) => split(one, w.wedge[g]));
  if (limits.length) squeeze(system, w.splits);
  factorPrices(cal, w, y);
  unitCost(cal, w, y);
  demand(system, w);
  ruledImbalance(rule, w.valueAdded, w.imbalance);
  for (let n = 0; n < cal.N; n++)
    w.income[n] = w.valueAdded[n] + w.imported[n] + w.exported[n] + w.imbalance[n];
  violations(cal, w, y, w.gap);
  if (limits.length) {
    excess(system, w, w.over);
    for (let g = 0; g < limits.length; g++) w.gap[system.size + g] = max(-w.wedge[g], w.over[g]);
  }
  return largest(w.gap);
}

/** The largest size; not a number where there is one. */
function largest(values) {
  let most = 0;
  for (let u = 0; u < values.length; u++) {
    const size = abs(values[u]);
    if (!(size <= most)) {
      most = size;
      if (size !== size) break;
    }
  }
  return most;
}

/** What labour earns, scaled so that world value added is as given (factors.py). */
function factorPrices(cal, w, y) {
  const { N, S, each, specific, labour, baseIncome } = cal,
    { level, valueAdded } = w;
  let grown = 0;
  for (let n = 0; n < N; n++) {
    let per = labour[n];
    if (specific)
      for (let s = 0, u = n * each + 1 + 2 * S; s < S; s++)
        per += specific[n * S + s] * baseIncome[n * S + s] * exp(y[u + s]);
    valueAdded[n] = exp(y[n * each]) * per;
    grown += valueAdded[n];
  }
  grown = cal.world / grown;
  for (let n = 0; n < N; n++) {
    level[n] = y[n * each] + log(grown);
    valueAdded[n] *= grown;
  }
}

/** Prices, spending, and the cost of every producer (eq. 2). */
function unitCost(cal, w, y) {
  const { N, S, each, specific, stiffness, expenditure, inputShare, valueAddedShare } = cal;
  const { level, logPrice, logFactor, logCost, spending } = w;
  for (let n = 0; n < N; n++) {
    const o = n * S,
      u = n * each + 1,
      at = level[n];
    for (let s = 0; s < S; s++) {
      logPrice[o + s] = y[u + s] + at;
      spending[o + s] = expenditure[o + s] * exp(y[u + S + s] + at);
      let factor = at;
      if (specific)
        factor += ((1 - specific[o + s]) * stiffness + specific[o + s]) * y[u + 2 * S + s];
      logFactor[o + s] = factor;
      logCost[o + s] = valueAddedShare[o + s] * factor;
    }
    for (let k = 0; k < S; k++) {
      const row = (o + k) * S,
        price = logPrice[o + k];
      for (let s = 0; s < S; s++) logCost[o + s] += inputShare[row + s] * price;
    }
  }
}

/** Price indices that costs imply, and spending spread over origins (eqs. 3-5): one pass. */
function demand({ cal, access, border, producer, separate, pressure, limited }, w) {
  const { N, S, theta, byBuyer, like } = cal;
  const {
    strength,
    supply,
    atBorder,
    spending,
    imported,
    exported,
    offered,
    sold,
    shipped,
    logCost,
    output,
  } = w;
  for (let row = 0, s = 0; s < S; s++)
    for (let n = 0; n < (byBuyer ? N : 1); n++) {
      const power = -theta[s * N + n],
        same = like[s * N + n];
      if (byBuyer && same !== s * N + n) {
        strength.copyWithin(row, same * N, (same + 1) * N);
        row += N;
      } else for (let i = 0; i < N; i++) strength[row++] = exp(power * logCost[i * S + s]);
    }
  imported.fill(0);
  exported.fill(0);
  sold.fill(0);
  if (separate) shipped.fill(0);
  for (let s = 0; s < S; s++)
    for (let n = 0; n < N; n++) {
      const row = s * N + n,
        o = row * N,
        q = s * N,
        t = byBuyer ? o : q;
      const total = dot(access, o, strength, t, N),
        kept = dot(border, o, strength, t, N);
      const spent = spending[n * S + s],
        per = spent / total;
      supply[row] = total;
      atBorder[row] = per * kept;
      imported[n] += spent - per * kept;
      for (let i = 0; i < N; i++) sold[q + i] += per * producer[o + i] * strength[t + i];
      if (separate)
        for (let i = 0; i < N; i++) shipped[q + i] += per * border[o + i] * strength[t + i];
      offered[n * S + s] =
        theta[row] !== 0
          ? log(total) / -theta[row]
          : pressure[row] + meanCost(access, o, logCost, s, S, N);
    }
  if (pressure)
    for (const { row, c, g } of limited)
      if (theta[row] === 0) offered[(row % N) * S + ((row / N) | 0)] += cal.share[c] * w.splits[g].whole;
  for (let n = 0; n < N; n++)
    for (let s = 0; s < S; s++) {
      output[n * S + s] = sold[s * N + n];
      if (separate) exported[n] += shipped[s * N + n] - sold[s * N + n];
    }
}

function meanCost(access, o, logCost, s, S, N) {
  let mean = 0;
  for (let i = 0; i < N; i++) mean += access[o + i] * logCost[i * S + s];
  return mean;
}

/** How far each market is from clearing, in logs: labour, prices, goods, tied factors. */
function violations(cal, w, y, gap) {
  const {
    N,
    S,
    each,
    specific,
    labour,
    baseIncome,
    expenditure,
    inputShare,
    finalShare,
    valueAddedShare,
  } = cal;
  const { level, income, earned, output, offered, logPrice, spending } = w;
  for (let n = 0; n < N; n++) {
    const o = n * S,
      u = n * each;
    let toLabour = 0;
    for (let s = 0; s < S; s++) {
      earned[o + s] = valueAddedShare[o + s] * output[o + s];
      toLabour += specific ? (1 - specific[o + s]) * earned[o + s] : earned[o + s];
      gap[u + 1 + s] = offered[o + s] - logPrice[o + s];
    }
    gap[u] = log(toLabour / labour[n]) - level[n];
    for (let k = 0; k < S; k++) {
      const row = (o + k) * S;
      const wanted = finalShare[o + k] * income[n] + dot(inputShare, row, output, o, S);
      gap[u + 1 + S + k] = expenditure[o + k] > 0 ? logRatio(wanted, spending[o + k]) : 0;
    }
    if (specific)
      for (let s = 0, v = u + 1 + 2 * S; s < S; s++)
        gap[v + s] =
          cal.output[o + s] > 0
            ? logRatio(earned[o + s], baseIncome[o + s] * exp(y[v + s] + level[n]))
            : 0;
  }
}

const logRatio = (now, old) => log(min(max(now / old, LEAST_RATIO), LARGEST_RATIO));

/** Log ratio of the quantity under each limit to its ceiling, less what the unknown says is bought
    beyond it (limits.py, markets.py). */
function excess(system, w, into) {
  const { cal, limited, limits } = system,
    { N, S, theta } = cal,
    total = new Map();
  into.fill(0);
  for (const one of limited) total.set(one.c, (total.get(one.c) || 0) + w.splits[one.g].whole);
  for (const one of limited) {
    const n = one.row % N,
      s = (one.row / N) | 0,
      i = one.c % N;
    const delivered = w.logCost[i * S + s] + one.logWedge + total.get(one.c);
    const growth = log(w.spending[n * S + s] / cal.expenditure[n * S + s]);
    const share = one.logLeft - theta[one.row] * (delivered - w.offered[n * S + s]);
    into[one.g] += one.weight * exp(growth + share - delivered);
  }
  limits.forEach((one, g) => {
    into[g] = log(into[g]) - one.logCeiling - w.splits[g].over;
  });
}

/** Imbalances under the closure's rule: level plus rate times value added; they sum to zero. */
function ruledImbalance(rule, valueAdded, into) {
  let raw = 0,
    world = 0;
  if (rule.rate)
    for (let n = 0; n < valueAdded.length; n++) {
      raw += rule.rate[n] * valueAdded[n];
      world += valueAdded[n];
    }
  for (let n = 0; n < valueAdded.length; n++)
    into[n] =
      rule.level[n] +
      (rule.rate ? rule.rate[n] * valueAdded[n] - (valueAdded[n] / world) * raw : 0);
  return into;
}
