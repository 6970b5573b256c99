// Solutions, and base years made of them: solve.py, finish.py, closures.py.

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
  proportional: (cal) => ({
    level: F(cal.N),
    rate: cal.imbalance.map((d, n) => d / cal.valueAdded[n]),
  }),
  balanced: (cal) => ({ level: F(cal.N), rate: null }),
};

/** Solve a calibrated world under a shock; `near` are unknowns to begin from, and `sure` has them
    followed where there may be several equilibria.

    Throws `Refusal` where no equilibrium is found that its certificate proves. */
function settle(
  cal,
  shock,
  rule,
  { tolerance = SOLVER.tolerance, near = null, sure = false } = {},
) {
  const problem = { cal, shock, rule, system: prepare(cal, shock, rule) };
  // what is proved is the question itself, wherever on the way to it the iteration stopped
  const { system } = problem,
    found = find(problem, tolerance, near, sure);
  evaluate(system, found.vector);
  let certificate = prove(system, found.evaluations, tolerance);
  for (const part of [0.1, 0.01, 0.001]) {
    if (certificate.holds || !found.met) break;
    const closer = iterate(system, { first: found.vector, tolerance: part * tolerance });
    certificate = prove(system, (found.evaluations += closer.evaluations), tolerance);
    found.vector = closer.vector;
  }
  if (!certificate.holds)
    throw Object.assign(
      new Refusal(
        certificate.residuals.sign > 0 && found.met
          ? "no equilibrium was found: a region would be left with nothing to spend or to earn"
          : `no equilibrium was found that meets all equations: ${certificate.worst.equation} is off by ${certificate.worst.value.toExponential(1)}`,
      ),
      { unproven: true },
    );
  return {
    cal,
    system,
    shock,
    certificate,
    vector: found.vector,
    several: !!found.several,
    ...read(system),
  };
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
  const { N, S } = cal,
    w = system.work,
    bought = F(S * N * N),
    inputs = F(N * S * S);
  for (let s = 0; s < S; s++)
    for (let n = 0; n < N; n++)
      for (let i = 0, o = (s * N + n) * N; i < N; i++)
        bought[o + i] = each.share[o + i] * w.spending[n * S + s];
  for (let n = 0; n < N; n++)
    for (let k = 0; k < S; k++)
      for (let s = 0; s < S; s++)
        inputs[(n * S + k) * S + s] = cal.inputShare[(n * S + k) * S + s] * w.output[n * S + s];
  const flows = { ...cal.flows, bought, inputs, tariff: shock.tariff, exportTax: shock.exportTax };
  return calibrate(flows, cal.theta, keep ? w.imbalance.slice() : F(N));
}

/** Rebalance a world to zero imbalances, policy unchanged. */
function purged(cal, options) {
  if (!cal.imbalance.some((d) => d !== 0)) return cal;
  return rebased(settle(cal, still(cal), RULES.balanced(cal), options), false);
}
