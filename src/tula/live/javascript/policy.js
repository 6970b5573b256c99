// From moves to the state of policy, as in tula/policy: rate_stacking.py, limits.py, contradictions.py.

//: Bounds the step of a wedge on quantities that hardly answer it.
const LEAST_LIMIT_RESPONSE = 0.05;

/** The cells of a move: buyers times sellers times sectors, never a region's own sales. */
function cellsOf(move, N) {
  const found = [];
  const add = (buyers, sellers) => {
    for (const s of move.sectors)
      for (const n of buyers) for (const i of sellers) if (n !== i) found.push((s * N + n) * N + i);
  };
  add(move.importers, move.exporters);
  if (move.kind === "agreement") add(move.exporters, move.importers);
  return found;
}

/** New rates where layers reach: set, cut, multiply, add, then the bounds on the total; of each
    full change the share `coverage` counts. */
function stacked(base, layers) {
  const rate = base.slice();
  const by = (operator) => layers.filter((one) => one.operator === operator);
  const told = new Map();
  for (const { cells, value, coverage, quota } of by("set"))
    for (const c of cells) {
      const level = (1 - coverage) * base[c] + coverage * value;
      if (told.has(c) && (quota || told.get(c) !== level))
        throw new Refusal("two moves set one rate to different levels: keep one of them");
      told.set(c, quota ? NaN : level);
      rate[c] = level;
    }
  const cut = new Map();
  for (const { cells, value } of by("cut"))
    for (const c of cells) cut.set(c, max(cut.get(c) || 0, value));
  for (const [c, value] of cut) rate[c] *= 1 - value;
  for (const { cells, value, coverage } of by("multiply"))
    for (const c of cells) rate[c] *= 1 - coverage + coverage * value;
  for (const { cells, value, coverage } of by("add"))
    for (const c of cells) rate[c] += coverage * value;
  bounded(rate, by("at_least"), by("at_most"));
  for (const { cells } of layers)
    for (const c of cells)
      if (!(rate[c] > -1))
        throw new Refusal(
          "moves together leave a rate of -100% or less: reduce the cut they add up to",
        );
  return rate;
}

/** The highest floor or the lowest ceiling, each counted from the rate before bounds. */
function bounded(rate, floors, ceilings) {
  const before = new Map(),
    ceiling = new Map();
  for (const { cells } of [...floors, ...ceilings]) for (const c of cells) before.set(c, rate[c]);
  for (const { cells, value, coverage } of ceilings)
    for (const c of cells) {
      const old = before.get(c);
      ceiling.set(c, min(value, ceiling.has(c) ? ceiling.get(c) : Infinity));
      rate[c] = min(rate[c], old + coverage * (min(old, value) - old));
    }
  for (const { cells, value, coverage } of floors)
    for (const c of cells) {
      if (value > ceiling.get(c))
        throw new Refusal(
          "one move asks for at least more than another allows at most: keep one of them",
        );
      const old = before.get(c),
        lifted = old + coverage * (max(old, value) - old);
      if (lifted > old) rate[c] = max(rate[c], lifted);
    }
}

//: Kinds whose value is a ceiling on quantities, with a recipient of the rent.
const CAPS = ["import-cap", "tariff-quota"];
//: Difference of two cells' ratios up to which a licence is worth the same in both.
const SAME_RISE = 1e-9;

const isQuota = ({ kind }) => kind === "tariff-quota";
//: An embargo on part of the goods is a ban: the rest may be bought.
const isBan = ({ kind, coverage = 1 }) => kind === "embargo" && coverage !== 1;
const isEmbargo = (move) => (move.kind === "embargo" && !isBan(move)) || ceilingOf(move) === 0;
const ceilingOf = (move) =>
  move.kind === "cut" ? 1 - move.value : CAPS.includes(move.kind) ? move.value : NaN;

/** From moves to the state of policy: rates, cost ratios, embargoes, what bans leave of a cell's
    goods, limits, and cells touched.

    `duties`: import duties upon which the moves act, those of the base year if none are given. */
function compileShock(cal, moves, duties = cal.tariff) {
  const { N, S } = cal,
    size = S * N * N;
  const placed = moves.map((move) => ({ move, cells: cellsOf(move, N) }));
  for (const { move } of placed)
    if (move.kind === "agreement" && move.importers.some((n) => move.exporters.includes(n)))
      throw new Refusal("a region stands on both sides of an agreement: take it out of one");
  for (const { cells } of placed)
    if (!cells.length) throw new Refusal("a move touches no trade: both sides are the same region");
  const layers = (kinds, rate = "inside") =>
    placed
      .filter(({ move }) => kinds.includes(move.kind))
      .map(({ move, cells }) => ({
        cells,
        operator: move.kind === "agreement" ? "cut" : isQuota(move) ? "set" : move.operator,
        value: isQuota(move) ? move[rate] : move.value,
        coverage: move.coverage === undefined ? 1 : move.coverage,
        quota: isQuota(move),
      }));
  const onDuties = ["tariff", "agreement", "tariff-quota"],
    rates = layers(onDuties),
    taxes = layers(["export-tax"]);
  const tariff = rates.length ? stacked(duties, rates) : duties;
  const over = moves.some(isQuota) ? stacked(duties, layers(onDuties, "beyond")) : tariff,
    rise = (c) => (1 + over[c]) / (1 + tariff[c]);
  refuseUnevenQuotas(placed, rise);
  const exportTax = taxes.length ? stacked(cal.exportTax || F(size), taxes) : cal.exportTax;
  const costs = placed.filter(({ move }) => move.kind === "trade-cost");
  const tradeCost = costs.length ? F(size).fill(1) : null;
  for (const { move, cells } of costs) for (const c of cells) tradeCost[c] *= move.value;
  const closed = placed.filter(({ move }) => isEmbargo(move));
  const embargo = closed.length ? new Uint8Array(size) : null;
  for (const { cells } of closed) for (const c of cells) embargo[c] = 1;
  const bans = placed.filter(({ move }) => isBan(move));
  const left = bans.length ? F(size).fill(1) : null;
  for (const { move, cells } of bans) for (const c of cells) left[c] *= 1 - move.coverage;
  const hit = new Uint8Array(size),
    touched = [];
  for (const { cells } of placed)
    for (const c of cells)
      if (!hit[c]) {
        hit[c] = 1;
        touched.push(c);
      }
  if (duties !== cal.tariff)
    for (let c = 0; c < size; c++) if (duties[c] !== cal.tariff[c] && !hit[c]) touched.push(c);
  const limits = activeLimits(cal, limitsOf(placed, embargo, rise), embargo);
  const shock = { tariff, exportTax, tradeCost, embargo, left, touched, limits };
  refuseLostSuppliers(cal, shock);
  return shock;
}

/** Refuse tariff quotas without two rates and a quantity, and such as hold one licence over cells in
    which it is not worth the same (contradictions.py). */
function refuseUnevenQuotas(placed, rise) {
  for (const { move, cells } of placed.filter(({ move }) => isQuota(move))) {
    if (!(move.beyond > move.inside))
      throw new Refusal("the rate beyond a tariff quota must be above the rate inside it");
    if (!(move.value > 0))
      throw new Refusal(
        "nothing comes in at the rate inside: use an import duty at the rate beyond",
      );
    const ratios = cells.map(rise);
    if (move.together && max(...ratios) - min(...ratios) > SAME_RISE)
      throw new Refusal(
        "the two rates of one tariff quota lie apart by different ratios: give each cell its own quota",
      );
  }
}

/** Ceilings after stacking: of several on the same cells the lowest counts (policy/limits.py).

    `rise`: by how much the rate beyond a tariff quota lifts a cell's price. */
function limitsOf(placed, embargo, rise) {
  const byCells = new Map(),
    quotas = [];
  const keyOf = (cells) => (cells.length === 1 ? cells[0] : cells.join());
  const ask = (cells, ceiling, rent, quota) => {
    if (quota) {
      const beyond = cells.reduce((least, c) => min(least, rise(c)), Infinity);
      return quotas.push({ cells, ceiling, rent, beyond });
    }
    const key = keyOf(cells),
      had = byCells.get(key);
    if (!had || ceiling < had.ceiling)
      byCells.set(key, { cells, ceiling, rent, beyond: Infinity });
    else if (ceiling === had.ceiling && rent !== had.rent)
      throw new Refusal(
        "two moves set the same ceiling and give the rent to different sides: state one recipient",
      );
  };
  for (const { move, cells } of placed) {
    const ceiling = ceilingOf(move);
    if (!(ceiling > 0)) continue;
    const open = cells.filter((c) => !(embargo && embargo[c])),
      told = [ceiling, move.rent || "importer", isQuota(move)];
    if (!move.together) for (const c of open) ask([c], ...told);
    else if (open.length)
      ask(
        cells.slice().sort((a, b) => a - b),
        ...told,
      );
  }
  const held = (one) =>
    one.cells.length > 1 &&
    one.cells.every((c) => {
      const single = byCells.get(c);
      return single && single.ceiling <= one.ceiling;
    });
  // beyond a quota nothing is bought under a lower ceiling, nor is more due where measures undo it
  const reached = ({ cells, ceiling, beyond }) =>
    beyond > 1 && !(byCells.get(keyOf(cells))?.ceiling <= ceiling);
  return [...byCells.values()]
    .filter((one) => !held(one))
    .concat(quotas.filter(reached))
    .sort((a, b) => a.cells[0] - b.cells[0]);
}

/** Limits that have cells left, with base weights, and the response their steps assume. */
function activeLimits(cal, limits, embargo) {
  const { N, S, theta } = cal,
    kept = [];
  for (const { cells, ceiling, rent, beyond } of limits) {
    const value = cells.map(
      (c) => cal.producer[c] * cal.expenditure[buyerOf(c, N) * S + sectorOf(c, N)],
    );
    const alive = cells.map((c, q) => value[q] > 0 && !(embargo && embargo[c]));
    const all = value.reduce((a, b) => a + b, 0);
    const left = value.reduce((a, b, q) => a + (alive[q] ? b : 0), 0);
    if (!alive.some(Boolean)) continue;
    const mine = cells.filter((_, q) => alive[q]);
    const response = mine.reduce((a, c) => a + 1 + theta[(c / N) | 0], 0) / mine.length;
    kept.push({
      cells: mine,
      rent,
      weight: value.filter((_, q) => alive[q]).map((v) => v / left),
      ceiling,
      logCeiling: log((ceiling * all) / left),
      logBeyond: log(beyond),
      response: max(response, LEAST_LIMIT_RESPONSE),
    });
  }
  return kept;
}

const sectorOf = (c, N) => (c / (N * N)) | 0;
const buyerOf = (c, N) => ((c / N) | 0) % N;

/** Refuse an embargo that leaves a buyer without a supplier it needs (contradictions.py). */
function refuseLostSuppliers(cal, { embargo, left: goods, touched }) {
  if (!embargo && !goods) return;
  const { N, S, theta, share, flows } = cal,
    lost = new Set();
  for (const c of touched) {
    const shut = embargo && embargo[c];
    if (!(shut || (goods && goods[c] < 1)) || !(share[c] > 0)) continue;
    const row = (c / N) | 0,
      o = row * N;
    const place = { sector: sectorOf(c, N), region: row % N };
    if (theta[row] <= 0)
      throw Object.assign(
        new Refusal(
          "with elasticities of substitution of one or less no price makes up for a lost supplier: use a cut below 100%, or a longer horizon",
        ),
        place,
      );
    if (!shut) continue;
    let left = 0;
    for (let i = 0; i < N; i++) if (!embargo[o + i]) left += flows.bought[o + i];
    if (!(left > 0)) lost.add(row);
  }
  if (lost.size) {
    const row = [...lost][0];
    throw Object.assign(
      new Refusal(
        "an embargo takes a buyer's last supplier: leave one out, or use a cut below 100%",
      ),
      { sector: (row / N) | 0, region: row % N },
    );
  }
}

/** The shock with every wedge taken to the power `part` (parts.py); embargoes stay whole. */
function partialShock(cal, shock, part) {
  const between = (old, now, c) => (1 + old[c]) ** (1 - part) * (1 + now[c]) ** part - 1;
  const blend = (old, now) => {
    if (now === old || !now) return now;
    const found = now.slice(),
      before = old || F(now.length);
    for (const c of shock.touched) found[c] = between(before, now, c);
    return found;
  };
  return {
    ...shock,
    tariff: blend(cal.tariff, shock.tariff),
    exportTax: blend(cal.exportTax, shock.exportTax),
    tradeCost: shock.tradeCost && shock.tradeCost.map((d) => d ** part),
    left: shock.left && shock.left.map((share) => share ** part),
    limits: shock.limits.map((one) => ({
      ...one,
      logCeiling: log(one.ceiling) * part + one.logCeiling - log(one.ceiling),
      logBeyond: one.logBeyond < Infinity ? one.logBeyond * part : Infinity,
    })),
  };
}
