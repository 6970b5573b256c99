// The ways to an equilibrium: straight, by parts, or down from high elasticities: approach.py.

//: Evaluations allowed to the ways, and the parts that a walk takes.
const STRAIGHT = 150,
  FIRST_PART = 0.5,
  LEAST_PART = 1e-7,
  LONGER = 2,
  SHORTER = 0.3,
  PACES = 25;
const ROUGHLY = 1e-6,
  IN_ALL = 20,
  ABOVE = 4,
  APART = 1e-6,
  WARM = 60;

const still = (cal) => ({
  tariff: cal.tariff,
  exportTax: cal.exportTax,
  tradeCost: null,
  embargo: null,
  left: null,
  touched: [],
  limits: [],
});
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

/** Find the equilibrium: from near it, straight, by parts of the shock, or from high elasticities.

    Below one `near` leads where it leads: it is followed only if it is `sure`. */
function find(problem, tolerance, near, sure) {
  const below = problem.cal.theta.some((th) => th < 0);
  if (below && !(near && sure)) return descend(problem, tolerance);
  if (near && near.length === problem.system.size + problem.system.limits.length) {
    const found = iterate(problem.system, {
      blocks: baseBlocks(problem.cal),
      first: near,
      maxSteps: WARM,
      tolerance,
    });
    if (found.met && found.positive) return found;
  }
  if (below) return descend(problem, tolerance);
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
    const stage = (part) =>
      part >= 1
        ? prepare(cal, shock, rule)
        : prepare(cal, partialShock(cal, shock, part), rule, fade ? (1 - part) ** 3 : 0);
    const begun = iterate(stage(0), { blocks: baseBlocks(cal), tolerance });
    walked = walk(stage, tolerance, begun, before.evaluations + begun.evaluations);
    if (walked.met && walked.positive) return walked;
  }
  return before.met ? before : walked;
}

/** Solve at higher trade elasticities and lower them step by step. */
function descend({ cal, shock, rule, system }, tolerance) {
  const raised = (part) =>
    withTheta(
      cal,
      cal.theta.map((th) => th + part * max(ABOVE - th, 0)),
    );
  const stage = (part) =>
    prepare(part >= 1 ? cal : raised(1 - part), relimited(cal, raised(1 - part), shock), rule);
  const high = { cal: raised(1), rule, shock: relimited(cal, raised(1), shock) };
  high.system = prepare(high.cal, high.shock, rule);
  let begun = straight(high, tolerance);
  if (!(begun.met && begun.positive)) begun = approach(high, tolerance, begun);
  const other = straight({ cal, system }, tolerance),
    real = other.met ? realSpending(other.system) : null;
  let found = walk(stage, tolerance, begun, begun.evaluations + other.evaluations, baseBlocks(cal));
  if (!found.met && other.met) found = other;
  const apart =
    real && found.met ? max(...realSpending(found.system).map((v, n) => abs(v / real[n] - 1))) : 0;
  return { ...found, several: apart > APART };
}

/** The shock with the limits' steps for other elasticities. */
function relimited(cal, other, shock) {
  if (!shock.limits.length || other === cal) return shock;
  const { N } = cal;
  const response = ({ cells }) =>
    max(
      cells.reduce((a, c) => a + 1 + other.theta[(c / N) | 0], 0) / cells.length,
      LEAST_LIMIT_RESPONSE,
    );
  return { ...shock, limits: shock.limits.map((one) => ({ ...one, response: response(one) })) };
}

/** Go from 0 to 1 by parts, longer after one that arrives, shorter after one that fails. */
function walk(stage, tolerance, begun, spent, whole = null) {
  let found = begun,
    before = null,
    reached = 0,
    length = FIRST_PART;
  if (whole) {
    const trial = iterate(stage(1), {
      blocks: whole,
      first: begun.vector,
      maxSteps: PACES,
      tolerance,
    });
    spent += trial.evaluations;
    if (trial.met) return { ...trial, evaluations: spent };
  }
  while (reached < 1 && length >= LEAST_PART && spent < IN_ALL * SOLVER.maxSteps) {
    const goal = min(1, reached + length),
      first = found.vector.slice();
    if (before) {
      const ahead = (goal - reached) / (reached - before.reached);
      const lead = found.vector.map((v, u) => ahead * (v - before.vector[u]));
      const part = min(1, SOLVER.longestStep / lead.reduce((a, v) => max(a, abs(v)), 0));
      for (let u = 0; u < first.length; u++) first[u] += part * lead[u];
    }
    const system = stage(goal);
    evaluate(system, first);
    const trial = iterate(system, {
      blocks: regionBlocks(system, HARDLY),
      first,
      maxSteps: PACES,
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
