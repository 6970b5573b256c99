// How an iterate moves per unit of violation: steps.py.

/** The inverse of the slow unknowns' own responses: steps unknown by unknown. */
function paces(system) {
  const { cal, access, border } = system,
    { N, S, each, theta, valueAddedShare: va, specific, stiffness } = cal;
  const sold = F(N * S),
    falls = F(N * S),
    pace = F(N * each).fill(1);
  for (let s = 0; s < S; s++)
    for (let n = 0; n < N; n++) {
      const row = s * N + n,
        o = row * N;
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
    let up = 0,
      down = 0;
    for (let q = n * S; q < (n + 1) * S; q++) {
      const weight = va[q] * (specific ? 1 - specific[q] : 1);
      up += weight * falls[q];
      down += weight * sold[q];
    }
    const response = abs(up / down);
    pace[n * each] = response > NO_RESPONSE ? 1 / max(response, LEAST_RESPONSE) : 1;
    if (specific)
      for (let s = 0; s < S; s++) {
        const q = n * S + s,
          stiff = stiffness * (1 - specific[q]) + specific[q];
        pace[n * each + 1 + 2 * S + s] =
          1 / (1 + (stiff * va[q] * max(falls[q], 0)) / (sold[q] > 0 ? sold[q] : 1));
      }
  }
  return pace;
}

/** The inner product of stretches of two arrays; four sums at a time do not wait for each other. */
function dot(a, o, b, q, count) {
  let one = 0,
    two = 0,
    three = 0,
    four = 0,
    k = 0;
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
  const {
    cal: { N, each: B },
    work: { gap, wedge, over, splits },
    limits,
  } = system;
  if (byBlocks) {
    const { own, coupled } = ways.blocks,
      earnings = F(N);
    for (let n = 0, o = 0; n < N; n++)
      for (let a = 0, q = n * B; a < B; a++, o += B) {
        into[q + a] = dot(own, o, gap, q, B);
      }
    for (let n = 0; n < N; n++) earnings[n] = into[n * B];
    if (coupled)
      for (let u = 0, o = 0; u < N * B; u++, o += N) into[u] += dot(coupled, o, earnings, 0, N);
  } else {
    ways.pace = ways.pace || paces(system);
    for (let u = 0; u < N * B; u++) into[u] = ways.pace[u] * gap[u];
  }
  for (let g = 0; g < limits.length; g++)
    into[N * B + g] = max(-wedge[g], over[g] / (splits[g].over > 0 ? 1 : limits[g].response));
}
