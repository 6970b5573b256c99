// The proof of a solution, every equation recounted from cells: cells.py, certificate.py.

//: Earnings, new over old, below which what a region earns is no longer told from nothing.
const LEAST_EARNED = 1e-4;

/** Every cell by itself: price, share and payment, from base shares and the wedges of the shock. */
function cells({ cal, shock, limited, work: w }) {
  const { N, S, theta, share: base } = cal,
    { tariff, exportTax, embargo, left } = shock,
    { spending } = w;
  const size = S * N * N,
    share = F(size),
    atBorder = F(size),
    received = F(size),
    price = F(N * S);
  const cost = w.logCost.map(exp),
    strength = F(N),
    hat = F(size).fill(1),
    moved = new Uint8Array(size);
  for (const c of shock.touched) {
    moved[c] = 1;
    hat[c] = embargo && embargo[c] ? Infinity : wedgeHat(cal, shock, c);
  }
  for (const { c, g } of limited) hat[c] *= exp(w.splits[g].whole);
  for (let s = 0; s < S; s++)
    for (let n = 0; n < N; n++) {
      const row = s * N + n,
        o = row * N,
        th = theta[row],
        spent = spending[n * S + s];
      if (n === 0 || th !== theta[row - 1])
        for (let i = 0; i < N; i++) strength[i] = cost[i * S + s] ** -th;
      let total = 0,
        mean = 0;
      for (let i = 0; i < N; i++) {
        const c = o + i;
        let weight = base[c] * strength[i];
        if (moved[c])
          weight = hat[c] === Infinity ? 0 : base[c] * (cost[i * S + s] * hat[c]) ** -th;
        if (left) weight *= left[c];
        total += share[c] = weight;
        if (th === 0) mean += weight * log(cost[i * S + s] * hat[c]);
      }
      price[n * S + s] = th === 0 ? exp(mean) : total ** (-1 / th);
      for (let i = 0; i < N; i++) {
        const c = o + i;
        share[c] /= total;
        atBorder[c] = (share[c] * spent) / (1 + tariff[c]);
        received[c] = exportTax ? atBorder[c] / (1 + exportTax[c]) : atBorder[c];
      }
    }
  for (const { c, g } of limited) {
    const { toImporter, toExporter } = w.splits[g];
    atBorder[c] *= exp(-toImporter);
    received[c] *= exp(-toImporter - toExporter);
  }
  return { share, atBorder, received, price, hat };
}

/** Recount every equation from the numbers of the point last evaluated; relative residuals. */
function prove(system, evaluations, tolerance) {
  const { cal, rule, limits, limited, work: w } = system,
    { N, S, inputShare: G, valueAddedShare: va, specific } = cal;
  const each = cells(system),
    residuals = {},
    places = {};
  const note = (equation, value, n = -1, s = -1) => {
    const had = residuals[equation];
    if (had === undefined || value > had || value !== value) {
      residuals[equation] = value;
      places[equation] = [n, s];
    }
  };
  const imported = w.spending.slice(),
    exported = F(N),
    sold = F(N * S),
    net = F(N),
    earnedBy = F(N),
    taken = F(N);
  for (let s = 0; s < S; s++)
    for (let n = 0; n < N; n++)
      for (let i = 0, o = (s * N + n) * N; i < N; i++) {
        const c = o + i;
        imported[n * S + s] -= each.atBorder[c];
        exported[i] += each.atBorder[c] - each.received[c];
        sold[i * S + s] += each.received[c];
        if (system.access[c] > 0 && !(each.share[c] > 0)) note("sign", 1, n, s);
      }
  let world = 0,
    walras = 0;
  for (let n = 0; n < N; n++) {
    for (let s = 0; s < S; s++) {
      earnedBy[n] += va[n * S + s] * w.output[n * S + s];
      taken[n] += imported[n * S + s];
    }
    world += earnedBy[n];
  }
  ruledImbalance(rule, earnedBy, net);
  for (let n = 0; n < N; n++) {
    const wage = exp(w.level[n]);
    let toLabour = 0;
    for (let s = 0; s < S; s++) {
      const q = n * S + s,
        part = specific ? specific[q] : 0,
        earned = va[q] * w.output[q];
      let inputs = va[q] * log(exp(w.logFactor[q]));
      for (let k = 0; k < S; k++) inputs += G[(n * S + k) * S + s] * log(each.price[n * S + k]);
      note("unit cost", abs(exp(inputs - w.logCost[q]) - 1), n, s);
      note("price index", abs(each.price[q] / exp(w.logPrice[q]) - 1), n, s);
      note("sales", relative(sold[q], w.output[q]), n, s);
      let wanted = cal.finalShare[q] * w.income[n];
      for (let k = 0; k < S; k++) wanted += G[q * S + k] * w.output[n * S + k];
      note("goods market", relative(wanted, w.spending[q]), n, s);
      if (specific && cal.baseIncome[q] > 0) {
        const growth = earned / cal.baseIncome[q];
        const labour = growth ** cal.stiffness * wage ** (1 - cal.stiffness);
        note(
          "factor price",
          abs((labour ** (1 - part) * growth ** part) / exp(w.logFactor[q]) - 1),
          n,
          s,
        );
      }
      toLabour += (1 - part) * earned;
      walras += sold[q] - (w.output[q] - earned);
      if (!(w.spending[q] > 0) && cal.expenditure[q] > 0) note("sign", 1, n, s);
      if (!(w.output[q] > 0) && sold[q] > 0) note("sign", 1, n, s);
    }
    walras -= w.valueAdded[n];
    note("labour market", abs(toLabour / (wage * cal.labour[n]) - 1), n);
    note("budget", abs((earnedBy[n] + taken[n] + exported[n] + net[n]) / w.income[n] - 1), n);
    note("accounts", abs(earnedBy[n] - w.valueAdded[n]) / abs(w.income[n]), n);
    const above = w.income[n] > 0 && w.valueAdded[n] > LEAST_EARNED * cal.valueAdded[n];
    note("sign", above ? 0 : 1, n);
  }
  note("numeraire", abs(world / cal.world - 1));
  const reached = F(limits.length);
  for (const { c, g, weight, row } of limited) {
    const n = row % N,
      s = (row / N) | 0,
      i = c % N;
    const delivered = exp(w.logCost[i * S + s]) * each.hat[c];
    reached[g] +=
      (((weight * each.share[c]) / cal.share[c]) * w.spending[n * S + s]) /
      cal.expenditure[n * S + s] /
      delivered;
  }
  limits.forEach((one, g) => {
    const over = reached[g] / exp(one.logCeiling + w.splits[g].over) - 1,
      row = (one.cells[0] / N) | 0;
    note(
      "limit",
      w.wedge[g] > 0 ? abs(over) : max(over, 0) + max(-w.wedge[g], 0),
      row % N,
      (row / N) | 0,
    );
  });
  note("walras", abs(walras) / world);
  let worst = "numeraire";
  for (const equation in residuals)
    if (!(residuals[equation] <= residuals[worst])) worst = equation;
  const holds = Object.values(residuals).every((value) => value <= tolerance);
  return {
    holds,
    evaluations,
    tolerance,
    residuals,
    worst: {
      equation: worst,
      value: residuals[worst],
      region: places[worst][0],
      sector: places[worst][1],
    },
    cells: each,
  };
}

const relative = (now, stated) => (stated > 0 ? abs(now / stated - 1) : abs(now));
