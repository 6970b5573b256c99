// Base-year shares and levels from flows, as in tula/equilibrium/calibration.py.

const F = (n) => new Float64Array(n);
const { exp, expm1, log, log1p, abs, max, min, sqrt } = Math;

/** A question that has no answer here; the message says why, for people. */
class Refusal extends Error {}

/** Base-year shares and levels from flows, all of them consistent by construction.

    `flows`: bought (S,N,I) at buyers' prices, inputs (N,K,S) at buyers' prices, tariff and
    exportTax (S,N,I), specific (N,S) and stiffness where factors are tied, else null. */
function calibrate(flows, theta, imbalance = null) {
  const { N, S, bought, inputs, tariff, exportTax, specific, stiffness } = flows,
    SN = S * N;
  const share = F(SN * N),
    border = F(SN * N),
    producer = exportTax ? F(SN * N) : border;
  const expenditure = F(N * S),
    output = F(N * S),
    revenue = F(N);
  for (let s = 0; s < S; s++)
    for (let n = 0; n < N; n++) {
      const o = (s * N + n) * N;
      let total = 0;
      for (let i = 0; i < N; i++) total += bought[o + i];
      expenditure[n * S + s] = total;
      if (!(total > 0)) {
        share[o + n] = border[o + n] = producer[o + n] = 1;
        continue;
      }
      for (let i = 0; i < N; i++) {
        const kept = 1 / (1 + tariff[o + i]),
          left = exportTax ? 1 / (1 + exportTax[o + i]) : 1;
        share[o + i] = bought[o + i] / total;
        border[o + i] = share[o + i] * kept;
        if (exportTax) producer[o + i] = border[o + i] * left;
        const received = bought[o + i] * kept * left;
        output[i * S + s] += received;
        revenue[n] += bought[o + i] * (1 - kept);
        revenue[i] += bought[o + i] * kept - received;
      }
    }
  const inputShare = F(N * S * S),
    valueAddedShare = F(N * S).fill(1),
    finalShare = F(N * S);
  const valueAdded = F(N),
    finalSpending = F(N),
    wanted = expenditure.slice();
  for (let n = 0; n < N; n++)
    for (let k = 0; k < S; k++)
      for (let s = 0; s < S; s++) {
        const z = inputs[(n * S + k) * S + s],
          made = output[n * S + s];
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
  const labour = valueAdded.slice(),
    baseIncome = F(N * S);
  for (let q = 0; q < N * S; q++) baseIncome[q] = valueAddedShare[q] * output[q];
  if (specific)
    for (let n = 0; n < N; n++)
      for (let s = 0; s < S; s++) labour[n] -= specific[n * S + s] * baseIncome[n * S + s];
  let world = 0;
  for (const v of valueAdded) world += v;
  const each = 1 + (specific ? 3 : 2) * S;
  return {
    N,
    S,
    each,
    flows,
    theta,
    share,
    border,
    producer,
    tariff,
    exportTax,
    expenditure,
    output,
    inputShare,
    valueAddedShare,
    finalShare,
    valueAdded,
    finalSpending,
    imbalance: level,
    labour,
    baseIncome,
    specific,
    stiffness,
    world,
    ...alike(theta, S, N),
  };
}

/** The same base year with other trade elasticities (S,N). */
function withTheta(cal, theta) {
  return { ...cal, theta, ...alike(theta, cal.S, cal.N), blocks: null };
}

/** Of every sector and importer the first importer of the same elasticity, as a row; and whether
    importers differ. */
function alike(theta, S, N) {
  const like = new Int32Array(S * N);
  let byBuyer = false;
  for (let s = 0; s < S; s++)
    for (let n = 0, o = s * N; n < N; n++) {
      let m = 0;
      while (theta[o + m] !== theta[o + n]) m++;
      like[o + n] = o + m;
      byBuyer = byBuyer || m > 0;
    }
  return { like, byBuyer };
}
