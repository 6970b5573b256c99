// Anderson acceleration of the steps: anderson.py.

//: The solver, as in anderson.py.
const SOLVER = {
  tolerance: 1e-10,
  memory: 8,
  maxSteps: 400,
  longestStep: 1,
  patience: 30,
  trust: 100,
};
const HEADROOM = 0.1,
  RIDGE = 1e-12,
  TINY = 1e-300,
  WINDOW = 12,
  ENOUGH = 0.1;

/** Iterate from some unknowns to a violation of a tenth of the tolerance. */
function iterate(
  system,
  { blocks = null, first = null, maxSteps = SOLVER.maxSteps, tolerance = SOLVER.tolerance } = {},
) {
  const U = system.size + system.limits.length,
    M = SOLVER.memory,
    goal = HEADROOM * tolerance;
  const y = first ? first.slice() : F(U),
    move = F(U),
    before = F(U),
    past = F(U),
    best = F(U);
  const dY = [],
    dG = [],
    gram = F(M * M),
    ways = { blocks };
  for (let m = 0; m < M; m++) {
    dY.push(F(U));
    dG.push(F(U));
  }
  let byBlocks = !!blocks,
    least = Infinity,
    mark = Infinity,
    damping = 1,
    stalled = 0,
    remembered = 0;
  for (let taken = 1; ; taken++) {
    const violation = evaluate(system, y);
    if (violation <= goal || taken >= maxSteps)
      return {
        vector: y,
        system,
        evaluations: taken,
        met: violation <= goal,
        positive: system.work.income.every((v) => v > 0),
        part: 1,
      };
    if (violation < least) {
      least = violation;
      best.set(y);
      stalled = 0;
    } else stalled++;
    if (taken === 1) mark = violation;
    const due = taken % WINDOW === 0,
      slow = byBlocks && due && !(least <= ENOUGH * mark);
    const lost = slow || stalled >= SOLVER.patience || !(violation <= SOLVER.trust * least);
    if (due) mark = least;
    if (lost) {
      if (!byBlocks) damping /= 2;
      y.set(best);
      byBlocks = false;
      remembered = 0;
      stalled = 0;
      continue;
    }
    step(system, ways, byBlocks, move);
    const weights = remembered ? remember(dY, dG, gram, remembered, y, before, move, past) : [];
    before.set(y);
    past.set(move);
    if (damping !== 1) for (let u = 0; u < U; u++) move[u] *= damping;
    weights.forEach((weight, m) => {
      const a = dY[m],
        b = dG[m];
      for (let u = 0; u < U; u++) move[u] -= weight * (damping * b[u] + a[u]);
    });
    let longest = 0;
    for (let u = 0; u < U; u++) {
      const size = abs(move[u]);
      if (size > longest) longest = size;
    }
    const part = min(1, SOLVER.longestStep / longest);
    for (let u = 0; u < U; u++) y[u] += part * move[u];
    remembered++;
  }
}

/** Store the newest differences and return the least-squares weights of those in memory. */
function remember(dY, dG, gram, remembered, y, before, move, past) {
  const M = dY.length,
    U = y.length,
    slot = (remembered - 1) % M,
    used = min(remembered, M);
  const a = dY[slot],
    b = dG[slot],
    against = [];
  for (let u = 0; u < U; u++) {
    a[u] = y[u] - before[u];
    b[u] = move[u] - past[u];
  }
  for (let m = 0; m < used; m++) {
    gram[slot * M + m] = gram[m * M + slot] = dot(dG[m], 0, b, 0, U);
    against.push(dot(dG[m], 0, move, 0, U));
  }
  // scaled to a unit diagonal, so that pivots compare
  const scale = against.map((_, m) => 1 / sqrt(max(gram[m * M + m], TINY)));
  const A = against.map((_, m) =>
    against.map((__, k) => gram[m * M + k] * scale[m] * scale[k] * (m === k ? 1 + RIDGE : 1)),
  );
  return solved(
    A,
    against.map((v, m) => v * scale[m]),
  ).map((v, m) => v * scale[m]);
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
