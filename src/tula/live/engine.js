"use strict";
/* The engine of the page: one general-equilibrium world economy, solved and proved in JavaScript.

   The equations and their names are those of tula/equilibrium (equations.py, system.py, steps.py,
   anderson.py, approach.py, certificate.py): Caliendo and Parro (2015), with factors that may be
   tied to sectors, ceilings on quantities by complementarity, Anderson acceleration of steps by
   region blocks, and a proof recounted from cells. S sectors, N importers, I = N exporters, K = S
   inputs. Cells of trade stand sector, importer, exporter; all else region first. Levels are
   million USD; a hat is a ratio of new to old; base world value added is the numeraire. */
const Tula = (() => {
  const F = (n) => new Float64Array(n);
  const { exp, log, abs, max, min, sqrt, expm1 } = Math;

  //: The solver, as in anderson.py.
  const SOLVER = { tolerance: 1e-10, memory: 8, maxSteps: 400, longestStep: 1, patience: 30, trust: 100 };
  const HEADROOM = 0.1, RIDGE = 1e-12, TINY = 1e-300, WINDOW = 12, ENOUGH = 0.1;
  //: Bounds of steps.py, system.py and limits.py.
  const LEAST_RESPONSE = 1e-2, NO_RESPONSE = 1e-6, HARDLY = 1e-9, MOST_COUPLED = 1e4;
  const LEAST_RATIO = 1e-2, LARGEST_RATIO = 1e2, LEAST_LIMIT_RESPONSE = 0.05, LEAST_EARNED = 1e-4;
  //: The ways of approach.py.
  const STRAIGHT = 150, FIRST_PART = 0.5, LEAST_PART = 1e-7, LONGER = 2, SHORTER = 0.3, PACES = 25;
  const ROUGHLY = 1e-6, IN_ALL = 20, ABOVE = 4, APART = 1e-6, WARM = 60;

  /** A question that has no answer here; the message says why, for people. */
  class Refusal extends Error {}

  // ---------------------------------------------------------------- calibration

  /** Base-year shares and levels from flows, all of them consistent by construction.

      `flows`: bought (S,N,I) at buyers' prices, inputs (N,K,S) at buyers' prices, tariff and
      exportTax (S,N,I), specific (N,S) and stiffness where factors are tied, else null. */
  function calibrate(flows, theta, imbalance = null) {
    const { N, S, bought, inputs, tariff, exportTax, specific, stiffness } = flows, SN = S * N;
    const share = F(SN * N), border = F(SN * N), producer = exportTax ? F(SN * N) : border;
    const expenditure = F(N * S), output = F(N * S), revenue = F(N);
    for (let s = 0; s < S; s++) for (let n = 0; n < N; n++) {
      const o = (s * N + n) * N;
      let total = 0;
      for (let i = 0; i < N; i++) total += bought[o + i];
      expenditure[n * S + s] = total;
      if (!(total > 0)) { share[o + n] = border[o + n] = producer[o + n] = 1; continue; }
      for (let i = 0; i < N; i++) {
        const kept = 1 / (1 + tariff[o + i]), left = exportTax ? 1 / (1 + exportTax[o + i]) : 1;
        share[o + i] = bought[o + i] / total;
        border[o + i] = share[o + i] * kept;
        if (exportTax) producer[o + i] = border[o + i] * left;
        const received = bought[o + i] * kept * left;
        output[i * S + s] += received;
        revenue[n] += bought[o + i] * (1 - kept);
        revenue[i] += bought[o + i] * kept - received;
      }
    }
    const inputShare = F(N * S * S), valueAddedShare = F(N * S).fill(1), finalShare = F(N * S);
    const valueAdded = F(N), finalSpending = F(N), wanted = expenditure.slice();
    for (let n = 0; n < N; n++) for (let k = 0; k < S; k++) for (let s = 0; s < S; s++) {
      const z = inputs[(n * S + k) * S + s], made = output[n * S + s];
      wanted[n * S + k] -= z;
      if (made > 0) {
        inputShare[(n * S + k) * S + s] = z / made;
        valueAddedShare[n * S + s] -= z / made;
      }
    }
    for (let n = 0; n < N; n++) {
      for (let s = 0; s < S; s++) {
        wanted[n * S + s] = max(wanted[n * S + s], 0);
        finalSpending[n] += wanted[n * S + s];
        valueAdded[n] += valueAddedShare[n * S + s] * output[n * S + s];
      }
      for (let s = 0; s < S; s++) finalShare[n * S + s] = wanted[n * S + s] / finalSpending[n];
    }
    const level = imbalance || valueAdded.map((v, n) => finalSpending[n] - v - revenue[n]);
    const labour = valueAdded.slice(), baseIncome = F(N * S);
    for (let q = 0; q < N * S; q++) baseIncome[q] = valueAddedShare[q] * output[q];
    if (specific) for (let n = 0; n < N; n++) for (let s = 0; s < S; s++)
      labour[n] -= specific[n * S + s] * baseIncome[n * S + s];
    let world = 0;
    for (const v of valueAdded) world += v;
    const each = 1 + (specific ? 3 : 2) * S;
    return {
      N, S, each, flows, theta, share, border, producer, tariff, exportTax, expenditure, output,
      inputShare, valueAddedShare, finalShare, valueAdded, finalSpending, imbalance: level, labour,
      baseIncome, specific, stiffness, world, byBuyer: differs(theta, S, N),
    };
  }

  /** The same base year with other trade elasticities (S,N). */
  function withTheta(cal, theta) {
    return { ...cal, theta, byBuyer: differs(theta, cal.S, cal.N), blocks: null };
  }

  /** Whether importers differ in elasticity. */
  function differs(theta, S, N) {
    for (let s = 0; s < S; s++) for (let n = 1; n < N; n++)
      if (theta[s * N + n] !== theta[s * N]) return true;
    return false;
  }

  // ---------------------------------------------------------------- policy, as in tula/policy

  /** The cells of a move: buyers times sellers times sectors, never a region's own sales. */
  function cellsOf(move, N) {
    const found = [];
    const add = (buyers, sellers) => {
      for (const s of move.sectors) for (const n of buyers) for (const i of sellers)
        if (n !== i) found.push((s * N + n) * N + i);
    };
    add(move.importers, move.exporters);
    if (move.kind === "agreement") add(move.exporters, move.importers);
    return found;
  }

  /** New rates where layers reach: set, cut, multiply, add, then the bounds on the total. */
  function stacked(base, layers) {
    const rate = base.slice();
    const by = (operator) => layers.filter((one) => one.operator === operator);
    const told = new Map();
    for (const { cells, value } of by("set")) for (const c of cells) {
      if (told.has(c) && told.get(c) !== value) throw new Refusal("two moves set one rate to different levels: keep one of them");
      told.set(c, value);
      rate[c] = value;
    }
    const cut = new Map();
    for (const { cells, value } of by("cut")) for (const c of cells) cut.set(c, max(cut.get(c) || 0, value));
    for (const [c, value] of cut) rate[c] *= 1 - value;
    for (const { cells, value } of by("multiply")) for (const c of cells) rate[c] *= value;
    for (const { cells, value } of by("add")) for (const c of cells) rate[c] += value;
    const ceiling = new Map();
    for (const { cells, value } of by("at_most")) for (const c of cells) {
      ceiling.set(c, min(value, ceiling.has(c) ? ceiling.get(c) : Infinity));
      rate[c] = min(rate[c], value);
    }
    for (const { cells, value } of by("at_least")) for (const c of cells) {
      if (value > ceiling.get(c)) throw new Refusal("one move asks for at least more than another allows at most: keep one of them");
      rate[c] = max(rate[c], value);
    }
    for (const { cells } of layers) for (const c of cells)
      if (!(rate[c] > -1)) throw new Refusal("moves together leave a rate of -100% or less: reduce the cut they add up to");
    return rate;
  }

  const isEmbargo = (move) => move.kind === "embargo" || (ceilingOf(move) === 0);
  const ceilingOf = (move) => (move.kind === "cut" ? 1 - move.value : move.kind === "import-cap" ? move.value : NaN);

  /** From moves to the state of policy: rates, cost ratios, embargoes, limits, and cells touched. */
  function compileShock(cal, moves) {
    const { N, S } = cal, size = S * N * N;
    const placed = moves.map((move) => ({ move, cells: cellsOf(move, N) }));
    for (const { move } of placed) if (move.kind === "agreement" && move.importers.some((n) => move.exporters.includes(n)))
      throw new Refusal("a region stands on both sides of an agreement: take it out of one");
    for (const { cells } of placed)
      if (!cells.length) throw new Refusal("a move touches no trade: both sides are the same region");
    const layers = (kinds) => placed.filter(({ move }) => kinds.includes(move.kind)).map(({ move, cells }) =>
      ({ cells, operator: move.kind === "agreement" ? "cut" : move.operator, value: move.value }));
    const duties = layers(["tariff", "agreement"]), taxes = layers(["export-tax"]);
    const tariff = duties.length ? stacked(cal.tariff, duties) : cal.tariff;
    const exportTax = taxes.length ? stacked(cal.exportTax || F(size), taxes) : cal.exportTax;
    const costs = placed.filter(({ move }) => move.kind === "trade-cost");
    const tradeCost = costs.length ? F(size).fill(1) : null;
    for (const { move, cells } of costs) for (const c of cells) tradeCost[c] *= move.value;
    const closed = placed.filter(({ move }) => isEmbargo(move));
    const embargo = closed.length ? new Uint8Array(size) : null;
    for (const { cells } of closed) for (const c of cells) embargo[c] = 1;
    const hit = new Uint8Array(size), touched = [];
    for (const { cells } of placed) for (const c of cells) if (!hit[c]) { hit[c] = 1; touched.push(c); }
    const limits = activeLimits(cal, limitsOf(placed, embargo), embargo);
    const shock = { tariff, exportTax, tradeCost, embargo, touched, limits };
    refuseLostSuppliers(cal, shock);
    return shock;
  }

  /** Ceilings after stacking: of several on the same cells the lowest counts (policy/limits.py). */
  function limitsOf(placed, embargo) {
    const byCells = new Map();
    const ask = (cells, ceiling, rent) => {
      const key = cells.length === 1 ? cells[0] : cells.join();
      const had = byCells.get(key);
      if (!had || ceiling < had.ceiling) byCells.set(key, { cells, ceiling, rent });
      else if (ceiling === had.ceiling && rent !== had.rent)
        throw new Refusal("two moves set the same ceiling and give the rent to different sides: state one recipient");
    };
    for (const { move, cells } of placed) {
      const ceiling = ceilingOf(move);
      if (!(ceiling > 0)) continue;
      const open = cells.filter((c) => !(embargo && embargo[c])), rent = move.rent || "importer";
      if (!move.together) for (const c of open) ask([c], ceiling, rent);
      else if (open.length) ask(cells.slice().sort((a, b) => a - b), ceiling, rent);
    }
    const held = (one) => one.cells.length > 1 && one.cells.every((c) => {
      const single = byCells.get(c);
      return single && single.ceiling <= one.ceiling;
    });
    return [...byCells.values()].filter((one) => !held(one)).sort((a, b) => a.cells[0] - b.cells[0]);
  }

  /** Limits that have cells left, with base weights, and the response their steps assume. */
  function activeLimits(cal, limits, embargo) {
    const { N, S, theta } = cal, kept = [];
    for (const { cells, ceiling, rent } of limits) {
      const value = cells.map((c) => cal.producer[c] * cal.expenditure[buyerOf(c, N) * S + sectorOf(c, N)]);
      const alive = cells.map((c, q) => value[q] > 0 && !(embargo && embargo[c]));
      const all = value.reduce((a, b) => a + b, 0);
      const left = value.reduce((a, b, q) => a + (alive[q] ? b : 0), 0);
      if (!alive.some(Boolean)) continue;
      const mine = cells.filter((_, q) => alive[q]);
      const response = mine.reduce((a, c) => a + 1 + theta[(c / N) | 0], 0) / mine.length;
      kept.push({
        cells: mine, rent, weight: value.filter((_, q) => alive[q]).map((v) => v / left),
        ceiling, logCeiling: log(ceiling * all / left), response: max(response, LEAST_LIMIT_RESPONSE),
      });
    }
    return kept;
  }

  const sectorOf = (c, N) => (c / (N * N)) | 0;
  const buyerOf = (c, N) => ((c / N) | 0) % N;

  /** Refuse an embargo that leaves a buyer without a supplier it needs (contradictions.py). */
  function refuseLostSuppliers(cal, { embargo, touched }) {
    if (!embargo) return;
    const { N, S, theta, share, flows } = cal, lost = new Set();
    for (const c of touched) {
      if (!embargo[c] || !(share[c] > 0)) continue;
      const row = (c / N) | 0, o = row * N;
      const place = { sector: sectorOf(c, N), region: row % N };
      if (theta[row] <= 0) throw Object.assign(new Refusal("with elasticities of substitution of one or less no price makes up for a lost supplier: use a cut below 100%, or a longer horizon"), place);
      let left = 0;
      for (let i = 0; i < N; i++) if (!embargo[o + i]) left += flows.bought[o + i];
      if (!(left > 0)) lost.add(row);
    }
    if (lost.size) {
      const row = [...lost][0];
      throw Object.assign(new Refusal("an embargo takes a buyer's last supplier: leave one out, or use a cut below 100%"), { sector: (row / N) | 0, region: row % N });
    }
  }

  /** The shock with every wedge taken to the power `part` (parts.py); embargoes stay whole. */
  function partialShock(cal, shock, part) {
    const between = (old, now, c) => (1 + old[c]) ** (1 - part) * (1 + now[c]) ** part - 1;
    const blend = (old, now) => {
      if (now === old || !now) return now;
      const found = now.slice(), before = old || F(now.length);
      for (const c of shock.touched) found[c] = between(before, now, c);
      return found;
    };
    return {
      ...shock,
      tariff: blend(cal.tariff, shock.tariff),
      exportTax: blend(cal.exportTax, shock.exportTax),
      tradeCost: shock.tradeCost && shock.tradeCost.map((d) => d ** part),
      limits: shock.limits.map((one) => ({ ...one, logCeiling: log(one.ceiling) * part + one.logCeiling - log(one.ceiling) })),
    };
  }

  // ---------------------------------------------------------------- the system and one evaluation

  /** Ratio of new to old wedge between a cell's producer and buyer, all taxes and costs in. */
  function wedgeHat(cal, shock, c) {
    let hat = (1 + shock.tariff[c]) / (1 + cal.tariff[c]);
    if (shock.exportTax) hat *= (1 + shock.exportTax[c]) / (1 + (cal.exportTax ? cal.exportTax[c] : 0));
    return shock.tradeCost ? hat * shock.tradeCost[c] : hat;
  }

  /** The arrays an iteration reads; every power is taken here, once (prepare.py, accesses.py).

      `rule`: imbalances as level and rate by region; `fade`: what is left of embargoed trade. */
  function prepare(cal, shock, rule, fade = 0) {
    const { N, S, theta } = cal, taxed = !!shock.exportTax;
    const separate = taxed || shock.limits.some((one) => one.rent === "exporter");
    const access = cal.share.slice(), border = cal.border.slice();
    const producer = separate ? cal.producer.slice() : border;
    let pressure = null;
    for (let row = 0; row < theta.length; row++) if (theta[row] === 0) pressure = pressure || F(S * N);
    for (const c of shock.touched) {
      const row = (c / N) | 0, shut = shock.embargo && shock.embargo[c];
      const logWedge = log(wedgeHat(cal, shock, c));
      let reached = cal.share[c] * exp(-theta[row] * logWedge);
      if (reached === 0 && cal.share[c] > 0 && !shut) throw new Refusal("what is traded becomes too little to count under its duties and costs: use an embargo in their place");
      if (shut) reached *= fade;
      access[c] = reached;
      border[c] = reached / (1 + shock.tariff[c]);
      if (separate) producer[c] = border[c] / (taxed ? 1 + shock.exportTax[c] : 1);
      if (pressure && theta[row] === 0) pressure[row] += cal.share[c] * logWedge;
    }
    const limited = [];
    shock.limits.forEach((one, g) => one.cells.forEach((c, q) => limited.push({
      c, g, weight: one.weight[q], row: (c / N) | 0, logWedge: log(wedgeHat(cal, shock, c)),
      access: access[c], border: border[c], producer: producer[c],
    })));
    const work = {
      level: F(N), income: F(N), valueAdded: F(N), imported: F(N), exported: F(N), imbalance: F(N),
      logPrice: F(N * S), logFactor: F(N * S), logCost: F(N * S), spending: F(N * S), output: F(N * S),
      offered: F(N * S), supply: F(S * N), strength: F(cal.byBuyer ? S * N * N : S * N), sold: F(S * N),
      shipped: separate ? F(S * N) : null, atBorder: F(S * N), gap: F(N * cal.each + shock.limits.length),
      earned: F(N * S), wedge: null, over: F(shock.limits.length),
    };
    return { cal, shock, rule, access, border, producer, separate, pressure, limited, work, size: N * cal.each, limits: shock.limits };
  }

  /** Put the limits' wedges into their cells: what buyers reach, and what is left at each stage. */
  function squeeze(system, wedge) {
    const { limited, limits, access, border, producer, separate, cal } = system, { theta } = cal;
    for (const one of limited) { access[one.c] = one.access; border[one.c] = one.border; if (separate) producer[one.c] = one.producer; }
    for (const one of limited) {
      const w = wedge[one.g], rent = limits[one.g].rent, pressed = exp(-theta[one.row] * w);
      access[one.c] *= pressed;
      border[one.c] *= pressed * (rent === "importer" ? exp(-w) : 1);
      if (separate) producer[one.c] *= pressed * (rent === "nobody" ? 1 : exp(-w));
    }
  }

  /** The violation of every equation at some unknowns, in logs, into `work.gap` (system.py).

      Returns the largest. Limits carry the larger of excess and no wedge. */
  function evaluate(system, y) {
    const { cal, rule, limits, work: w } = system;
    w.wedge = y.subarray(system.size);
    if (limits.length) squeeze(system, w.wedge);
    factorPrices(cal, w, y);
    unitCost(cal, w, y);
    demand(system, w);
    ruledImbalance(rule, w.valueAdded, w.imbalance);
    for (let n = 0; n < cal.N; n++) w.income[n] = w.valueAdded[n] + w.imported[n] + w.exported[n] + w.imbalance[n];
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
      if (!(size <= most)) { most = size; if (size !== size) break; }
    }
    return most;
  }

  /** What labour earns, scaled so that world value added is as given (factors.py). */
  function factorPrices(cal, w, y) {
    const { N, S, each, specific, labour, baseIncome } = cal, { level, valueAdded } = w;
    let grown = 0;
    for (let n = 0; n < N; n++) {
      let per = labour[n];
      if (specific) for (let s = 0, u = n * each + 1 + 2 * S; s < S; s++) per += specific[n * S + s] * baseIncome[n * S + s] * exp(y[u + s]);
      valueAdded[n] = exp(y[n * each]) * per;
      grown += valueAdded[n];
    }
    grown = cal.world / grown;
    for (let n = 0; n < N; n++) { level[n] = y[n * each] + log(grown); valueAdded[n] *= grown; }
  }

  /** Prices, spending, and the cost of every producer (eq. 2). */
  function unitCost(cal, w, y) {
    const { N, S, each, specific, stiffness, expenditure, inputShare, valueAddedShare } = cal;
    const { level, logPrice, logFactor, logCost, spending } = w;
    for (let n = 0; n < N; n++) {
      const o = n * S, u = n * each + 1, at = level[n];
      for (let s = 0; s < S; s++) {
        logPrice[o + s] = y[u + s] + at;
        spending[o + s] = expenditure[o + s] * exp(y[u + S + s] + at);
        let factor = at;
        if (specific) factor += ((1 - specific[o + s]) * stiffness + specific[o + s]) * y[u + 2 * S + s];
        logFactor[o + s] = factor;
        logCost[o + s] = valueAddedShare[o + s] * factor;
      }
      for (let k = 0; k < S; k++) {
        const row = (o + k) * S, price = logPrice[o + k];
        for (let s = 0; s < S; s++) logCost[o + s] += inputShare[row + s] * price;
      }
    }
  }

  /** Price indices that costs imply, and spending spread over origins (eqs. 3-5): one pass. */
  function demand({ cal, access, border, producer, separate, pressure, limited }, w) {
    const { N, S, theta, byBuyer } = cal;
    const { strength, supply, atBorder, spending, imported, exported, offered, sold, shipped, logCost, output } = w;
    for (let row = 0, s = 0; s < S; s++) for (let n = 0; n < (byBuyer ? N : 1); n++) {
      const power = -theta[s * N + n];
      for (let i = 0; i < N; i++) strength[row++] = exp(power * logCost[i * S + s]);
    }
    imported.fill(0); exported.fill(0); sold.fill(0);
    if (separate) shipped.fill(0);
    for (let s = 0; s < S; s++) for (let n = 0; n < N; n++) {
      const row = s * N + n, o = row * N, q = s * N, t = byBuyer ? o : q;
      const total = dot(access, o, strength, t, N), kept = dot(border, o, strength, t, N);
      const spent = spending[n * S + s], per = spent / total;
      supply[row] = total;
      atBorder[row] = per * kept;
      imported[n] += spent - per * kept;
      for (let i = 0; i < N; i++) sold[q + i] += per * producer[o + i] * strength[t + i];
      if (separate) for (let i = 0; i < N; i++) shipped[q + i] += per * border[o + i] * strength[t + i];
      offered[n * S + s] = theta[row] !== 0 ? log(total) / -theta[row] : pressure[row] + meanCost(access, o, logCost, s, S, N);
    }
    if (pressure) for (const { row, c, g } of limited) if (theta[row] === 0)
      offered[(row % N) * S + ((row / N) | 0)] += cal.share[c] * w.wedge[g];
    for (let n = 0; n < N; n++) for (let s = 0; s < S; s++) {
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
    const { N, S, each, specific, labour, baseIncome, expenditure, inputShare, finalShare, valueAddedShare } = cal;
    const { level, income, earned, output, offered, logPrice, spending } = w;
    for (let n = 0; n < N; n++) {
      const o = n * S, u = n * each;
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
      if (specific) for (let s = 0, v = u + 1 + 2 * S; s < S; s++)
        gap[v + s] = cal.output[o + s] > 0 ? logRatio(earned[o + s], baseIncome[o + s] * exp(y[v + s] + level[n])) : 0;
    }
  }

  const logRatio = (now, old) => log(min(max(now / old, LEAST_RATIO), LARGEST_RATIO));

  /** Log ratio of the quantity under each limit to its ceiling (limits.py, markets.py). */
  function excess(system, w, into) {
    const { cal, limited, limits } = system, { N, S, theta } = cal, total = new Map();
    into.fill(0);
    for (const one of limited) total.set(one.c, (total.get(one.c) || 0) + w.wedge[one.g]);
    for (const one of limited) {
      const n = one.row % N, s = (one.row / N) | 0, i = one.c % N;
      const delivered = w.logCost[i * S + s] + one.logWedge + total.get(one.c);
      const growth = log(w.spending[n * S + s] / cal.expenditure[n * S + s]);
      into[one.g] += one.weight * exp(growth - theta[one.row] * (delivered - w.offered[n * S + s]) - delivered);
    }
    limits.forEach((one, g) => { into[g] = log(into[g]) - one.logCeiling; });
  }

  /** Imbalances under the closure's rule: level plus rate times value added; they sum to zero. */
  function ruledImbalance(rule, valueAdded, into) {
    let raw = 0, world = 0;
    if (rule.rate) for (let n = 0; n < valueAdded.length; n++) { raw += rule.rate[n] * valueAdded[n]; world += valueAdded[n]; }
    for (let n = 0; n < valueAdded.length; n++)
      into[n] = rule.level[n] + (rule.rate ? rule.rate[n] * valueAdded[n] - valueAdded[n] / world * raw : 0);
    return into;
  }

  // ---------------------------------------------------------------- steps (steps.py)

  /** Minus the inverse of each region's own block of the Jacobian at the point last evaluated, and
      what a step in its earnings adds to those of all. */
  function regionBlocks(system, least = LEAST_RESPONSE) {
    const { cal, access, border, producer, work: w } = system;
    const { N, S, each: B, theta, byBuyer, inputShare: G, valueAddedShare: va, specific, stiffness } = cal;
    const falls = F(N * S), own = F(N * S), held = F(N * S), left = F(N * S);
    for (let s = 0; s < S; s++) for (let m = 0; m < N; m++) {
      const row = s * N + m, o = row * N, t = byBuyer ? o : s * N, spent = w.spending[m * S + s];
      for (let i = 0; i < N; i++) {
        const brought = w.strength[t + i] / w.supply[row];
        const bought = access[o + i] * brought, sale = producer[o + i] * brought * spent;
        falls[i * S + s] += sale * theta[row] * (1 - bought);
        if (i !== m) continue;
        own[m * S + s] = sale;
        held[m * S + s] = bought;
        left[m * S + s] = border[o + m] * brought;
      }
    }
    const blocks = new Float32Array(N * B * B), A = F(B * B), dCost = F(3 * S + 1), dIncome = F(B);
    let world = 0;
    for (const v of w.valueAdded) world += v;
    for (let n = 0; n < N; n++) {
      const o = n * S;
      A.fill(0); dIncome.fill(0);
      dIncome[0] = w.valueAdded[n];
      let toLabour = 0;
      for (let s = 0; s < S; s++) toLabour += w.earned[o + s] * (specific ? 1 - specific[o + s] : 1);
      A[0] = -1;
      const sales = F(S * B);
      for (let s = 0; s < S; s++) {
        dCost.fill(0);
        dCost[0] = 1;
        for (let k = 0; k < S; k++) dCost[1 + k] = G[(o + k) * S + s];
        if (specific) dCost[1 + 2 * S + s] = va[o + s] * ((1 - specific[o + s]) * stiffness + specific[o + s]);
        const th = theta[s * N + n], spent = w.spending[o + s], part = w.atBorder[s * N + n] / spent;
        const duty = spent > 0 ? spent * th * (left[o + s] - part * held[o + s]) : 0;
        const made = w.output[o + s] > 0 ? w.output[o + s] : 1;
        const weight = toLabour > 0 ? w.earned[o + s] * (specific ? 1 - specific[o + s] : 1) / toLabour : 0;
        for (let u = 0; u < B; u++) {
          const dSpent = u === 0 || u === 1 + S + s ? 1 : 0, cost = dCost[u] || 0;
          const sale = sales[s * B + u] = own[o + s] * dSpent - falls[o + s] * cost;
          A[u] += weight * sale / made;
          A[(1 + s) * B + u] = held[o + s] * cost - (u === 0 || u === 1 + s ? 1 : 0);
          dIncome[u] += (spent > 0 ? spent * (1 - part) * dSpent : 0) + duty * cost;
          if (specific) A[(1 + 2 * S + s) * B + u] = sale / made - (u === 0 || u === 1 + 2 * S + s ? 1 : 0);
        }
        if (specific) dIncome[1 + 2 * S + s] += specific[o + s] * cal.baseIncome[o + s] * exp(w.logFactor[o + s]);
      }
      for (let k = 0; k < S; k++) {
        const at = (1 + S + k) * B;
        if (!(cal.expenditure[o + k] > 0)) continue;
        for (let u = 0; u < B; u++) A[at + u] = cal.finalShare[o + k] * dIncome[u];
        for (let s = 0; s < S; s++) {
          const g = G[(o + k) * S + s];
          if (g) for (let u = 0; u < B; u++) A[at + u] += g * sales[s * B + u];
        }
        for (let u = 0; u < B; u++) A[at + u] /= w.spending[o + k];
        A[at] -= 1;
        A[at + 1 + S + k] -= 1;
      }
      for (let s = 0; s < S; s++) {
        const nothing = (at, yes) => { if (yes) { A.fill(0, at * B, (at + 1) * B); A[at * B + at] = -1; } };
        nothing(1 + S + s, !(cal.expenditure[o + s] > 0));
        if (specific) nothing(1 + 2 * S + s, !(cal.output[o + s] > 0));
      }
      for (let u = 0; u < B; u++) A[u * B] *= 1 - w.valueAdded[n] / world;
      invert(A, B, least, blocks, n * B * B);
    }
    return { own: blocks, coupled: byBuyer ? null : coupling(system, blocks) };
  }

  /** What a step in each region's earnings does to all unknowns, through trade: Galerkin's rule on
      the earnings, (U, N). A common level of earnings means nothing: it is put aside. */
  function coupling(system, own) {
    const { cal: { N, each: B }, work: w } = system, slopes = earningSlopes(system);
    const answer = F(N * B * N), kept = F(N * N), M = F(N * N);
    for (let n = 0; n < N; n++) for (let a = 0; a < B; a++) for (let b = 0, at = (n * B + a) * N; b < B; b++) {
      const part = own[(n * B + a) * B + b], from = (n * B + b) * N;
      if (part) for (let m = 0; m < N; m++) answer[at + m] -= part * slopes[from + m];
    }
    const world = w.valueAdded.reduce((a, b) => a + b, 0);
    for (let n = 0; n < N; n++) {
      kept[n * N + n] = 1;
      for (let m = 0; m < N; m++) M[n * N + m] = answer[n * B * N + m] + w.valueAdded[m] / world;
    }
    gaussJordan(M, kept, N);
    const found = new Float32Array(N * B * N), row = F(N);
    for (let n = 0; n < N; n++) for (let a = 0; a < B; a++) {
      const at = (n * B + a) * N;
      row.fill(0);
      for (let m = 0; m < N; m++) {
        const left = (a === 0 && m === n ? 1 : 0) - answer[at + m];
        if (left) for (let k = 0; k < N; k++) row[k] += left * kept[m * N + k];
      }
      found.set(row, at);
    }
    return found.every((v) => abs(v) < MOST_COUPLED) ? found : null;
  }

  /** How every region's equations answer a rise in each region's earnings, (N, B, N). */
  function earningSlopes(system) {
    const { cal, access, border, producer, work: w } = system;
    const { N, S, each: B, theta, inputShare: G, finalShare, specific } = cal, slopes = F(N * B * N);
    const share = F(N * N), sales = F(N * N), income = F(N * N), toMarket = F(N * N), toLabour = F(N);
    const partOf = (q) => w.earned[q] * (specific ? 1 - specific[q] : 1);
    for (let n = 0; n < N; n++) {
      income[n * N + n] = w.valueAdded[n];
      for (let s = 0; s < S; s++) toLabour[n] += partOf(n * S + s);
    }
    for (let s = 0; s < S; s++) {
      const th = theta[s * N];
      sales.fill(0);
      for (let m = 0; m < N; m++) {
        const row = s * N + m, o = row * N, spent = w.spending[m * S + s], part = w.atBorder[row] / spent;
        for (let i = 0; i < N; i++) {
          const brought = w.strength[s * N + i] / w.supply[row], made = w.output[i * S + s];
          share[m * N + i] = access[o + i] * brought;
          toMarket[m * N + i] = producer[o + i] * brought * spent / (made > 0 ? made : 1);
          if (spent > 0) income[m * N + i] += spent * th * (border[o + i] * brought - part * share[m * N + i]);
          slopes[(m * B + 1 + s) * N + i] = share[m * N + i];
        }
        slopes[(m * B + 1 + s) * N + m] -= 1;
        if (spent > 0) income[m * N + m] += spent * (1 - part);
      }
      for (let m = 0; m < N; m++) for (let i = 0; i < N; i++) {
        const sale = toMarket[m * N + i], reach = th * sale;
        sales[i * N + m] += sale;
        if (reach) for (let n = 0; n < N; n++) sales[i * N + n] += reach * share[m * N + n];
      }
      for (let i = 0; i < N; i++) {
        const q = i * S + s, at = i * B * N;
        sales[i * N + i] -= th;
        const weight = toLabour[i] > 0 ? partOf(q) / toLabour[i] : 0;
        for (let n = 0; n < N; n++) {
          const sale = sales[i * N + n];
          slopes[at + n] += weight * sale;
          if (specific && cal.output[q] > 0) slopes[at + (1 + 2 * S + s) * N + n] = sale - (n === i ? 1 : 0);
        }
        for (let k = 0; k < S; k++) {
          const bought = G[(i * S + k) * S + s] * w.output[q];
          if (bought) for (let n = 0, to = at + (1 + S + k) * N; n < N; n++) slopes[to + n] += bought * sales[i * N + n];
        }
      }
    }
    const world = w.valueAdded.reduce((a, b) => a + b, 0);
    for (let n = 0; n < N; n++) {
      slopes[n * B * N + n] -= 1;
      for (let k = 0, to = (n * B + 1 + S) * N; k < S; k++, to += N) {
        const bought = w.spending[n * S + k];
        for (let m = 0; m < N; m++) slopes[to + m] = bought > 0 ? (slopes[to + m] + finalShare[n * S + k] * income[n * N + m]) / bought - (m === n ? 1 : 0) : 0;
      }
      // one region's rise lowers all earnings, for world value added is the numeraire
      for (let a = 0, at = n * B * N; a < B; a++, at += N) {
        let sum = 0;
        for (let m = 0; m < N; m++) sum += slopes[at + m];
        for (let m = 0; m < N; m++) slopes[at + m] -= sum * w.valueAdded[m] / world;
      }
    }
    return slopes;
  }

  /** Write minus the inverse of a block, by elimination of all but the earnings, bounded there. */
  function invert(A, B, least, into, at) {
    const R = B - 1, M = F(R * R), rest = F(R * R);
    for (let a = 0; a < R; a++) { rest[a * R + a] = 1; for (let b = 0; b < R; b++) M[a * R + b] = A[(a + 1) * B + b + 1]; }
    gaussJordan(M, rest, R);
    const across = F(R), down = F(R);
    let left = A[0];
    for (let a = 0; a < R; a++) for (let b = 0; b < R; b++) {
      across[b] += A[a + 1] * rest[a * R + b];
      down[a] += rest[a * R + b] * A[(b + 1) * B];
    }
    for (let a = 0; a < R; a++) left -= across[a] * A[(a + 1) * B];
    left = abs(left) > min(NO_RESPONSE, least) ? (left < 0 ? -1 : 1) * max(abs(left), least) : -1;
    into[at] = -1 / left;
    for (let a = 0; a < R; a++) {
      into[at + 1 + a] = across[a] / left;
      into[at + (1 + a) * B] = down[a] / left;
      for (let b = 0; b < R; b++) into[at + (1 + a) * B + 1 + b] = -(rest[a * R + b] + down[a] * across[b] / left);
    }
  }

  /** Turn `inverse` (the unit matrix) into the inverse of `M`, by pivoted elimination. */
  function gaussJordan(M, inverse, R) {
    for (let c = 0; c < R; c++) {
      let p = c;
      for (let r = c + 1; r < R; r++) if (abs(M[r * R + c]) > abs(M[p * R + c])) p = r;
      if (p !== c) for (let k = 0; k < R; k++) {
        let t = M[c * R + k]; M[c * R + k] = M[p * R + k]; M[p * R + k] = t;
        t = inverse[c * R + k]; inverse[c * R + k] = inverse[p * R + k]; inverse[p * R + k] = t;
      }
      const pivot = 1 / M[c * R + c];
      for (let k = 0; k < R; k++) { M[c * R + k] *= pivot; inverse[c * R + k] *= pivot; }
      for (let r = 0; r < R; r++) {
        const f = M[r * R + c];
        if (r === c || f === 0) continue;
        for (let k = 0; k < R; k++) { M[r * R + k] -= f * M[c * R + k]; inverse[r * R + k] -= f * inverse[c * R + k]; }
      }
    }
  }

  /** The inverse of the slow unknowns' own responses: steps unknown by unknown. */
  function paces(system) {
    const { cal, access, border } = system, { N, S, each, theta, valueAddedShare: va, specific, stiffness } = cal;
    const sold = F(N * S), falls = F(N * S), pace = F(N * each).fill(1);
    for (let s = 0; s < S; s++) for (let n = 0; n < N; n++) {
      const row = s * N + n, o = row * N;
      let total = 0;
      for (let i = 0; i < N; i++) total += access[o + i];
      const per = cal.expenditure[n * S + s] / total;
      for (let i = 0; i < N; i++) {
        const sale = per * border[o + i];
        sold[i * S + s] += sale;
        falls[i * S + s] += sale * theta[row] * (1 - access[o + i] / total) + (i === n ? 0 : sale);
      }
    }
    for (let n = 0; n < N; n++) {
      let up = 0, down = 0;
      for (let q = n * S; q < (n + 1) * S; q++) {
        const weight = va[q] * (specific ? 1 - specific[q] : 1);
        up += weight * falls[q];
        down += weight * sold[q];
      }
      const response = abs(up / down);
      pace[n * each] = response > NO_RESPONSE ? 1 / max(response, LEAST_RESPONSE) : 1;
      if (specific) for (let s = 0; s < S; s++) {
        const q = n * S + s, stiff = stiffness * (1 - specific[q]) + specific[q];
        pace[n * each + 1 + 2 * S + s] = 1 / (1 + stiff * va[q] * max(falls[q], 0) / (sold[q] > 0 ? sold[q] : 1));
      }
    }
    return pace;
  }

  /** The inner product of stretches of two arrays; four sums at a time do not wait for each other. */
  function dot(a, o, b, q, count) {
    let one = 0, two = 0, three = 0, four = 0, k = 0;
    for (; k + 3 < count; k += 4) {
      one += a[o + k] * b[q + k];
      two += a[o + k + 1] * b[q + k + 1];
      three += a[o + k + 2] * b[q + k + 2];
      four += a[o + k + 3] * b[q + k + 3];
    }
    for (; k < count; k++) one += a[o + k] * b[q + k];
    return one + two + (three + four);
  }

  /** The move from the point last evaluated, by region blocks or unknown by unknown. */
  function step(system, ways, byBlocks, into) {
    const { cal: { N, each: B }, work: { gap, wedge, over }, limits } = system;
    if (byBlocks) {
      const { own, coupled } = ways.blocks, earnings = F(N);
      for (let n = 0, o = 0; n < N; n++) for (let a = 0, q = n * B; a < B; a++, o += B) {
        into[q + a] = dot(own, o, gap, q, B);
      }
      for (let n = 0; n < N; n++) earnings[n] = into[n * B];
      if (coupled) for (let u = 0, o = 0; u < N * B; u++, o += N) into[u] += dot(coupled, o, earnings, 0, N);
    } else {
      ways.pace = ways.pace || paces(system);
      for (let u = 0; u < N * B; u++) into[u] = ways.pace[u] * gap[u];
    }
    for (let g = 0; g < limits.length; g++) into[N * B + g] = max(-wedge[g], over[g] / limits[g].response);
  }

  // ---------------------------------------------------------------- Anderson acceleration (anderson.py)

  /** Iterate from some unknowns to a violation of a tenth of the tolerance. */
  function iterate(system, { blocks = null, first = null, maxSteps = SOLVER.maxSteps, tolerance = SOLVER.tolerance } = {}) {
    const U = system.size + system.limits.length, M = SOLVER.memory, goal = HEADROOM * tolerance;
    const y = first ? first.slice() : F(U), move = F(U), before = F(U), past = F(U), best = F(U);
    const dY = [], dG = [], gram = F(M * M), ways = { blocks };
    for (let m = 0; m < M; m++) { dY.push(F(U)); dG.push(F(U)); }
    let byBlocks = !!blocks, least = Infinity, mark = Infinity, damping = 1, stalled = 0, remembered = 0;
    for (let taken = 1; ; taken++) {
      const violation = evaluate(system, y);
      if (violation <= goal || taken >= maxSteps)
        return { vector: y, system, evaluations: taken, met: violation <= goal, positive: system.work.income.every((v) => v > 0), part: 1 };
      if (violation < least) { least = violation; best.set(y); stalled = 0; } else stalled++;
      if (taken === 1) mark = violation;
      const due = taken % WINDOW === 0, slow = byBlocks && due && !(least <= ENOUGH * mark);
      const lost = slow || stalled >= SOLVER.patience || !(violation <= SOLVER.trust * least);
      if (due) mark = least;
      if (lost) {
        if (!byBlocks) damping /= 2;
        y.set(best);
        byBlocks = false; remembered = 0; stalled = 0;
        continue;
      }
      step(system, ways, byBlocks, move);
      const weights = remembered ? remember(dY, dG, gram, remembered, y, before, move, past) : [];
      before.set(y); past.set(move);
      if (damping !== 1) for (let u = 0; u < U; u++) move[u] *= damping;
      weights.forEach((weight, m) => {
        const a = dY[m], b = dG[m];
        for (let u = 0; u < U; u++) move[u] -= weight * (damping * b[u] + a[u]);
      });
      let longest = 0;
      for (let u = 0; u < U; u++) { const size = abs(move[u]); if (size > longest) longest = size; }
      const part = min(1, SOLVER.longestStep / longest);
      for (let u = 0; u < U; u++) y[u] += part * move[u];
      remembered++;
    }
  }

  /** Store the newest differences and return the least-squares weights of those in memory. */
  function remember(dY, dG, gram, remembered, y, before, move, past) {
    const M = dY.length, U = y.length, slot = (remembered - 1) % M, used = min(remembered, M);
    const a = dY[slot], b = dG[slot], against = [];
    for (let u = 0; u < U; u++) { a[u] = y[u] - before[u]; b[u] = move[u] - past[u]; }
    for (let m = 0; m < used; m++) {
      gram[slot * M + m] = gram[m * M + slot] = dot(dG[m], 0, b, 0, U);
      against.push(dot(dG[m], 0, move, 0, U));
    }
    // scaled to a unit diagonal, so that pivots compare
    const scale = against.map((_, m) => 1 / sqrt(max(gram[m * M + m], TINY)));
    const A = against.map((_, m) => against.map((__, k) => gram[m * M + k] * scale[m] * scale[k] * (m === k ? 1 + RIDGE : 1)));
    return solved(A, against.map((v, m) => v * scale[m])).map((v, m) => v * scale[m]);
  }

  /** Solve a small system by pivoted elimination. */
  function solved(A, b) {
    const K = b.length;
    for (let c = 0; c < K; c++) {
      let p = c;
      for (let r = c + 1; r < K; r++) if (abs(A[r][c]) > abs(A[p][c])) p = r;
      [A[c], A[p]] = [A[p], A[c]];
      [b[c], b[p]] = [b[p], b[c]];
      for (let r = c + 1; r < K; r++) {
        const f = A[c][c] === 0 ? 0 : A[r][c] / A[c][c];
        for (let k = c; k < K; k++) A[r][k] -= f * A[c][k];
        b[r] -= f * b[c];
      }
    }
    for (let c = K - 1; c >= 0; c--) {
      for (let k = c + 1; k < K; k++) b[c] -= A[c][k] * b[k];
      b[c] = A[c][c] === 0 ? 0 : b[c] / A[c][c];
    }
    return b;
  }

  // ---------------------------------------------------------------- ways (approach.py)

  const still = (cal) => ({ tariff: cal.tariff, exportTax: cal.exportTax, tradeCost: null, embargo: null, touched: [], limits: [] });
  const fixed = (cal) => ({ level: cal.imbalance, rate: null });

  /** The region blocks of the base year, made once per calibration. */
  function baseBlocks(cal) {
    if (!cal.blocks) {
      const system = prepare(cal, still(cal), fixed(cal));
      evaluate(system, F(system.size));
      cal.blocks = regionBlocks(system);
    }
    return cal.blocks;
  }

  const straight = (problem, tolerance) =>
    iterate(problem.system, { blocks: baseBlocks(problem.cal), maxSteps: STRAIGHT, tolerance });

  /** Find the equilibrium: from near it, straight, by parts of the shock, or from high elasticities. */
  function find(problem, tolerance, near) {
    if (problem.cal.theta.some((th) => th < 0)) return descend(problem, tolerance);
    if (near && near.length === problem.system.size + problem.system.limits.length) {
      const found = iterate(problem.system, { blocks: baseBlocks(problem.cal), first: near, maxSteps: WARM, tolerance });
      if (found.met && found.positive) return found;
    }
    const found = straight(problem, tolerance);
    if (found.met && found.positive) return found;
    const walked = approach(problem, tolerance, found);
    if (walked.met && walked.positive) return walked;
    const longer = iterate(problem.system, { blocks: baseBlocks(problem.cal), tolerance });
    return longer.met ? longer : walked;
  }

  /** Walk to a large shock in parts, embargoes whole from the start or, failing that, fading in. */
  function approach({ cal, shock, rule }, tolerance, before) {
    let walked = before;
    for (const fade of shock.embargo ? [false, true] : [false]) {
      const stage = (part) => part >= 1 ? prepare(cal, shock, rule)
        : prepare(cal, partialShock(cal, shock, part), rule, fade ? (1 - part) ** 3 : 0);
      const begun = iterate(stage(0), { blocks: baseBlocks(cal), tolerance });
      walked = walk(stage, tolerance, begun, before.evaluations + begun.evaluations);
      if (walked.met && walked.positive) return walked;
    }
    return before.met ? before : walked;
  }

  /** Solve at higher trade elasticities and lower them step by step. */
  function descend({ cal, shock, rule, system }, tolerance) {
    const raised = (part) => withTheta(cal, cal.theta.map((th) => th + part * max(ABOVE - th, 0)));
    const stage = (part) => prepare(part >= 1 ? cal : raised(1 - part), relimited(cal, raised(1 - part), shock), rule);
    const high = { cal: raised(1), rule, shock: relimited(cal, raised(1), shock) };
    high.system = prepare(high.cal, high.shock, rule);
    let begun = straight(high, tolerance);
    if (!(begun.met && begun.positive)) begun = approach(high, tolerance, begun);
    const other = straight({ cal, system }, tolerance), real = other.met ? realSpending(other.system) : null;
    let found = walk(stage, tolerance, begun, begun.evaluations + other.evaluations, baseBlocks(cal));
    if (!found.met && other.met) found = other;
    const apart = real && found.met ? max(...realSpending(found.system).map((v, n) => abs(v / real[n] - 1))) : 0;
    return { ...found, several: apart > APART };
  }

  /** The shock with the limits' steps for other elasticities. */
  function relimited(cal, other, shock) {
    if (!shock.limits.length || other === cal) return shock;
    const { N } = cal;
    const response = ({ cells }) => max(cells.reduce((a, c) => a + 1 + other.theta[(c / N) | 0], 0) / cells.length, LEAST_LIMIT_RESPONSE);
    return { ...shock, limits: shock.limits.map((one) => ({ ...one, response: response(one) })) };
  }

  /** Go from 0 to 1 by parts, longer after one that arrives, shorter after one that fails. */
  function walk(stage, tolerance, begun, spent, whole = null) {
    let found = begun, before = null, reached = 0, length = FIRST_PART;
    if (whole) {
      const trial = iterate(stage(1), { blocks: whole, first: begun.vector, maxSteps: PACES, tolerance });
      spent += trial.evaluations;
      if (trial.met) return { ...trial, evaluations: spent };
    }
    while (reached < 1 && length >= LEAST_PART && spent < IN_ALL * SOLVER.maxSteps) {
      const goal = min(1, reached + length), first = found.vector.slice();
      if (before) {
        const ahead = (goal - reached) / (reached - before.reached);
        const lead = found.vector.map((v, u) => ahead * (v - before.vector[u]));
        const part = min(1, SOLVER.longestStep / lead.reduce((a, v) => max(a, abs(v)), 0));
        for (let u = 0; u < first.length; u++) first[u] += part * lead[u];
      }
      const system = stage(goal);
      evaluate(system, first);
      const trial = iterate(system, {
        blocks: regionBlocks(system, HARDLY), first, maxSteps: PACES,
        tolerance: goal === 1 ? tolerance : max(ROUGHLY, tolerance),
      });
      spent += trial.evaluations;
      if (trial.met && trial.positive) {
        before = { vector: found.vector, reached };
        found = trial;
        reached = goal;
        length *= LONGER;
      } else length *= SHORTER;
    }
    return { ...found, evaluations: spent, met: reached >= 1, part: reached };
  }

  // ---------------------------------------------------------------- proof (certificate.py)

  /** Every cell by itself: price, share and payment, from base shares and the wedges of the shock. */
  function cells({ cal, shock, limited, limits, work: w }) {
    const { N, S, theta, byBuyer, share: base } = cal, { tariff, exportTax, embargo } = shock, { spending } = w;
    const size = S * N * N, share = F(size), atBorder = F(size), received = F(size), price = F(N * S);
    const cost = w.logCost.map(exp), strength = F(N), hat = F(size).fill(1), moved = new Uint8Array(size);
    for (const c of shock.touched) {
      moved[c] = 1;
      hat[c] = embargo && embargo[c] ? Infinity : wedgeHat(cal, shock, c);
    }
    for (const { c, g } of limited) hat[c] *= exp(w.wedge[g]);
    for (let s = 0; s < S; s++) for (let n = 0; n < N; n++) {
      const row = s * N + n, o = row * N, th = theta[row], spent = spending[n * S + s];
      if (n === 0 || byBuyer) for (let i = 0; i < N; i++) strength[i] = cost[i * S + s] ** -th;
      let total = 0, mean = 0;
      for (let i = 0; i < N; i++) {
        const c = o + i;
        let weight = base[c] * strength[i];
        if (moved[c]) weight = hat[c] === Infinity ? 0 : base[c] * (cost[i * S + s] * hat[c]) ** -th;
        total += share[c] = weight;
        if (th === 0) mean += weight * log(cost[i * S + s] * hat[c]);
      }
      price[n * S + s] = th === 0 ? exp(mean) : total ** (-1 / th);
      for (let i = 0; i < N; i++) {
        const c = o + i;
        share[c] /= total;
        atBorder[c] = share[c] * spent / (1 + tariff[c]);
        received[c] = exportTax ? atBorder[c] / (1 + exportTax[c]) : atBorder[c];
      }
    }
    for (const { c, g } of limited) {
      const pushed = exp(w.wedge[g]), { rent } = limits[g];
      if (rent === "importer") { atBorder[c] /= pushed; received[c] /= pushed; }
      if (rent === "exporter") received[c] /= pushed;
    }
    return { share, atBorder, received, price, hat };
  }

  /** Recount every equation from the numbers of the point last evaluated; relative residuals. */
  function prove(system, evaluations, tolerance) {
    const { cal, rule, limits, limited, work: w } = system, { N, S, inputShare: G, valueAddedShare: va, specific } = cal;
    const each = cells(system), residuals = {}, places = {};
    const note = (equation, value, n = -1, s = -1) => {
      const had = residuals[equation];
      if (had === undefined || value > had || value !== value) { residuals[equation] = value; places[equation] = [n, s]; }
    };
    const imported = w.spending.slice(), exported = F(N), sold = F(N * S), net = F(N), earnedBy = F(N), taken = F(N);
    for (let s = 0; s < S; s++) for (let n = 0; n < N; n++) for (let i = 0, o = (s * N + n) * N; i < N; i++) {
      const c = o + i;
      imported[n * S + s] -= each.atBorder[c];
      exported[i] += each.atBorder[c] - each.received[c];
      sold[i * S + s] += each.received[c];
      if (system.access[c] > 0 && !(each.share[c] > 0)) note("sign", 1, n, s);
    }
    let world = 0, walras = 0;
    for (let n = 0; n < N; n++) {
      for (let s = 0; s < S; s++) { earnedBy[n] += va[n * S + s] * w.output[n * S + s]; taken[n] += imported[n * S + s]; }
      world += earnedBy[n];
    }
    ruledImbalance(rule, earnedBy, net);
    for (let n = 0; n < N; n++) {
      const wage = exp(w.level[n]);
      let toLabour = 0;
      for (let s = 0; s < S; s++) {
        const q = n * S + s, part = specific ? specific[q] : 0, earned = va[q] * w.output[q];
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
          note("factor price", abs(labour ** (1 - part) * growth ** part / exp(w.logFactor[q]) - 1), n, s);
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
      const n = row % N, s = (row / N) | 0, i = c % N;
      const delivered = exp(w.logCost[i * S + s]) * each.hat[c];
      reached[g] += weight * each.share[c] / cal.share[c] * w.spending[n * S + s] / cal.expenditure[n * S + s] / delivered;
    }
    limits.forEach((one, g) => {
      const over = reached[g] / exp(one.logCeiling) - 1, row = (one.cells[0] / N) | 0;
      note("limit", w.wedge[g] > 0 ? abs(over) : max(over, 0) + max(-w.wedge[g], 0), row % N, (row / N) | 0);
    });
    note("walras", abs(walras) / world);
    let worst = "numeraire";
    for (const equation in residuals) if (!(residuals[equation] <= residuals[worst])) worst = equation;
    const holds = Object.values(residuals).every((value) => value <= tolerance);
    return { holds, evaluations, tolerance, residuals, worst: { equation: worst, value: residuals[worst], region: places[worst][0], sector: places[worst][1] }, cells: each };
  }

  const relative = (now, stated) => stated > 0 ? abs(now / stated - 1) : abs(now);

  // ---------------------------------------------------------------- solutions

  /** New final spending at base prices, million USD (the log of the basket is a mean of logs). */
  function realSpending({ cal: { N, S, finalShare }, work: w }) {
    const real = [];
    for (let n = 0; n < N; n++) real.push(w.income[n] / exp(basket(n, S, finalShare, w.logPrice)));
    return real;
  }

  function basket(n, S, finalShare, logPrice) {
    let mean = 0;
    for (let s = 0; s < S; s++) mean += finalShare[n * S + s] * logPrice[n * S + s];
    return mean;
  }

  const RULES = {
    fixed,
    proportional: (cal) => ({ level: F(cal.N), rate: cal.imbalance.map((d, n) => d / cal.valueAdded[n]) }),
    balanced: (cal) => ({ level: F(cal.N), rate: null }),
  };

  /** Solve a calibrated world under a shock; `near` are unknowns to begin from.

      Throws `Refusal` where no equilibrium is found that its certificate proves. */
  function settle(cal, shock, rule, { tolerance = SOLVER.tolerance, near = null } = {}) {
    const problem = { cal, shock, rule, system: prepare(cal, shock, rule) };
    // what is proved is the question itself, wherever on the way to it the iteration stopped
    const { system } = problem, found = find(problem, tolerance, near);
    evaluate(system, found.vector);
    let certificate = prove(system, found.evaluations, tolerance);
    for (const part of [0.1, 0.01, 0.001]) {
      if (certificate.holds || !found.met) break;
      const closer = iterate(system, { first: found.vector, tolerance: part * tolerance });
      certificate = prove(system, found.evaluations += closer.evaluations, tolerance);
      found.vector = closer.vector;
    }
    if (!certificate.holds) throw Object.assign(new Refusal(
      certificate.residuals.sign > 0 && found.met
        ? "no equilibrium was found: a region would be left with nothing to spend or to earn"
        : `no equilibrium was found that meets all equations: ${certificate.worst.equation} is off by ${certificate.worst.value.toExponential(1)}`), { unproven: true });
    return { cal, system, shock, certificate, vector: found.vector, several: !!found.several, ...read(system) };
  }

  /** What a page tells of every region: ratios of new to old, and levels in million USD. */
  function read({ cal, work: w }) {
    const real = realSpending({ cal, work: w });
    return {
      realIncomeHat: real.map((v, n) => v / cal.finalSpending[n]),
      ev: real.map((v, n) => v - cal.finalSpending[n]),
      priceHat: real.map((v, n) => w.income[n] / v),
      wageHat: Array.from(w.level, exp),
      income: Array.from(w.income),
    };
  }

  /** The calibration whose base year is a solution (finish.py): its flows, duties and imbalances. */
  function rebased({ cal, system, shock, certificate: { cells: each } }, keep = true) {
    const { N, S } = cal, w = system.work, bought = F(S * N * N), inputs = F(N * S * S);
    for (let s = 0; s < S; s++) for (let n = 0; n < N; n++) for (let i = 0, o = (s * N + n) * N; i < N; i++)
      bought[o + i] = each.share[o + i] * w.spending[n * S + s];
    for (let n = 0; n < N; n++) for (let k = 0; k < S; k++) for (let s = 0; s < S; s++)
      inputs[(n * S + k) * S + s] = cal.inputShare[(n * S + k) * S + s] * w.output[n * S + s];
    const flows = { ...cal.flows, bought, inputs, tariff: shock.tariff, exportTax: shock.exportTax };
    return calibrate(flows, cal.theta, keep ? w.imbalance.slice() : F(N));
  }

  /** Rebalance a world to zero imbalances, policy unchanged. */
  function purged(cal, options) {
    if (!cal.imbalance.some((d) => d !== 0)) return cal;
    return rebased(settle(cal, still(cal), RULES.balanced(cal), options), false);
  }

  // ---------------------------------------------------------------- a world as it travels

  /** Base64 of deflated byte planes to numbers: floats, or counts of units that
      are those of a number's row or column, whichever is smaller. */
  async function unpacked({ kind, shape, data, rows, columns }) {
    const bytes = await inflated(data), count = shape.reduce((a, b) => a * b, 1), width = kind === "f8" ? 8 : 4;
    const raw = new Uint8Array(count * width);
    for (let b = 0; b < width; b++) for (let q = 0; q < count; q++) raw[q * width + b] = bytes[b * count + q];
    if (kind === "f8") return new Float64Array(raw.buffer);
    const counts = new Uint32Array(raw.buffer), [, A, B] = shape;
    const [row, column] = await Promise.all([rows, columns].map(async (text) => new Int8Array((await inflated(text)).buffer)));
    return Float64Array.from(counts, (v, q) => v * 2 ** min(row[(q / B) | 0], column[((q / (A * B)) | 0) * B + q % B]));
  }

  async function inflated(text) {
    const packed = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }

  /** A world on which settings are solved; what only depends on closure and elasticities is kept. */
  class World {
    constructor(payload, arrays) {
      const { regions, sectors } = payload;
      this.payload = payload;
      this.N = regions.length;
      this.S = sectors.length;
      this.dayTariff = arrays.day_tariff || null;
      this.flows = {
        N: this.N, S: this.S, bought: arrays.bought, inputs: arrays.inputs, tariff: arrays.tariff,
        exportTax: arrays.export_tax || null, specific: arrays.specific || null, stiffness: payload.stiffness,
      };
      this.kept = new Map();
    }

    static async open(payload) {
      const arrays = {};
      for (const name in payload.arrays) arrays[name] = await unpacked(payload.arrays[name]);
      return new World(payload, arrays);
    }

    /** Trade elasticities (S,N) of a set at a horizon, with those of single buyers put in. */
    theta(set, horizon) {
      const { N, S } = this, found = F(S * N), values = this.payload.elasticities[set].theta[horizon];
      if (!values) throw new Refusal("these elasticities have no such horizon: choose a longer one");
      for (let s = 0; s < S; s++) found.fill(values[s], s * N, (s + 1) * N);
      for (const [s, n, value] of this.payload.buyers) found[s * N + n] = value;
      return found;
    }

    /** The base year that a setting departs from: as of the page's day, balanced where so asked. */
    base({ elasticity, horizon, closure }, options = {}) {
      const key = [elasticity, horizon, closure, options.tolerance].join();
      if (!this.kept.has(key)) {
        let cal = calibrate(this.flows, this.theta(elasticity, horizon));
        if (closure === "balanced") cal = purged(cal, options);
        if (this.dayTariff) {
          const touched = [];
          for (let c = 0; c < this.dayTariff.length; c++) if (this.dayTariff[c] !== cal.tariff[c]) touched.push(c);
          const shock = { ...still(cal), tariff: this.dayTariff, touched };
          cal = rebased(settle(cal, shock, RULES[closure](cal), options));
          if (closure === "balanced") cal = purged(cal, options);
        }
        if (this.kept.size > 8) this.kept.delete(this.kept.keys().next().value);
        this.kept.set(key, cal);
      }
      return this.kept.get(key);
    }

    /** Solve a setting: moves, elasticity, horizon, closure. Throws `Refusal`. */
    solve(setting, options = {}) {
      const cal = this.base(setting, options);
      const near = this.last && this.last.cal === cal ? this.last.vector : null;
      const found = settle(cal, compileShock(cal, setting.moves), RULES[setting.closure](cal), { near, ...options });
      this.last = { cal, vector: found.vector };
      return found;
    }
  }

  return { World, Refusal, calibrate, settle, compileShock, RULES };
})();
if (typeof module !== "undefined") module.exports = Tula;
