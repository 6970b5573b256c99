// The answer of each region's equations to its own unknowns and to others' earnings: steps.py.

//: Bounds of the steps of what hardly answers.
const LEAST_RESPONSE = 1e-2,
  NO_RESPONSE = 1e-6,
  HARDLY = 1e-9,
  MOST_COUPLED = 1e4;

/** Minus the inverse of each region's own block of the Jacobian at the point last evaluated, and
    what a step in its earnings adds to those of all. */
function regionBlocks(system, least = LEAST_RESPONSE) {
  const { cal, access, border, producer, work: w } = system;
  const {
    N,
    S,
    each: B,
    theta,
    byBuyer,
    inputShare: G,
    valueAddedShare: va,
    specific,
    stiffness,
  } = cal;
  const falls = F(N * S),
    own = F(N * S),
    held = F(N * S),
    left = F(N * S);
  for (let s = 0; s < S; s++)
    for (let m = 0; m < N; m++) {
      const row = s * N + m,
        o = row * N,
        t = byBuyer ? o : s * N,
        spent = w.spending[m * S + s];
      for (let i = 0; i < N; i++) {
        const brought = w.strength[t + i] / w.supply[row];
        const bought = access[o + i] * brought,
          sale = producer[o + i] * brought * spent;
        falls[i * S + s] += sale * theta[row] * (1 - bought);
        if (i !== m) continue;
        own[m * S + s] = sale;
        held[m * S + s] = bought;
        left[m * S + s] = border[o + m] * brought;
      }
    }
  const blocks = new Float32Array(N * B * B),
    A = F(B * B),
    dCost = F(3 * S + 1),
    dIncome = F(B);
  let world = 0;
  for (const v of w.valueAdded) world += v;
  for (let n = 0; n < N; n++) {
    const o = n * S;
    A.fill(0);
    dIncome.fill(0);
    dIncome[0] = w.valueAdded[n];
    let toLabour = 0;
    for (let s = 0; s < S; s++) toLabour += w.earned[o + s] * (specific ? 1 - specific[o + s] : 1);
    A[0] = -1;
    const sales = F(S * B);
    for (let s = 0; s < S; s++) {
      dCost.fill(0);
      dCost[0] = 1;
      for (let k = 0; k < S; k++) dCost[1 + k] = G[(o + k) * S + s];
      if (specific)
        dCost[1 + 2 * S + s] = va[o + s] * ((1 - specific[o + s]) * stiffness + specific[o + s]);
      const th = theta[s * N + n],
        spent = w.spending[o + s],
        part = w.atBorder[s * N + n] / spent;
      const duty = spent > 0 ? spent * th * (left[o + s] - part * held[o + s]) : 0;
      const made = w.output[o + s] > 0 ? w.output[o + s] : 1;
      const weight =
        toLabour > 0 ? (w.earned[o + s] * (specific ? 1 - specific[o + s] : 1)) / toLabour : 0;
      for (let u = 0; u < B; u++) {
        const dSpent = u === 0 || u === 1 + S + s ? 1 : 0,
          cost = dCost[u] || 0;
        const sale = (sales[s * B + u] = own[o + s] * dSpent - falls[o + s] * cost);
        A[u] += (weight * sale) / made;
        A[(1 + s) * B + u] = held[o + s] * cost - (u === 0 || u === 1 + s ? 1 : 0);
        dIncome[u] += (spent > 0 ? spent * (1 - part) * dSpent : 0) + duty * cost;
        if (specific)
          A[(1 + 2 * S + s) * B + u] = sale / made - (u === 0 || u === 1 + 2 * S + s ? 1 : 0);
      }
      if (specific)
        dIncome[1 + 2 * S + s] += specific[o + s] * cal.baseIncome[o + s] * exp(w.logFactor[o + s]);
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
      const nothing = (at, yes) => {
        if (yes) {
          A.fill(0, at * B, (at + 1) * B);
          A[at * B + at] = -1;
        }
      };
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
  const {
      cal: { N, each: B },
      work: w,
    } = system,
    slopes = earningSlopes(system);
  const answer = F(N * B * N),
    kept = F(N * N),
    M = F(N * N);
  for (let n = 0; n < N; n++)
    for (let a = 0; a < B; a++)
      for (let b = 0, at = (n * B + a) * N; b < B; b++) {
        const part = own[(n * B + a) * B + b],
          from = (n * B + b) * N;
        if (part) for (let m = 0; m < N; m++) answer[at + m] -= part * slopes[from + m];
      }
  const world = w.valueAdded.reduce((a, b) => a + b, 0);
  for (let n = 0; n < N; n++) {
    kept[n * N + n] = 1;
    for (let m = 0; m < N; m++) M[n * N + m] = answer[n * B * N + m] + w.valueAdded[m] / world;
  }
  gaussJordan(M, kept, N);
  const found = new Float32Array(N * B * N),
    row = F(N);
  for (let n = 0; n < N; n++)
    for (let a = 0; a < B; a++) {
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
  const { N, S, each: B, theta, inputShare: G, finalShare, specific } = cal,
    slopes = F(N * B * N);
  const share = F(N * N),
    sales = F(N * N),
    income = F(N * N),
    toMarket = F(N * N),
    toLabour = F(N);
  const partOf = (q) => w.earned[q] * (specific ? 1 - specific[q] : 1);
  for (let n = 0; n < N; n++) {
    income[n * N + n] = w.valueAdded[n];
    for (let s = 0; s < S; s++) toLabour[n] += partOf(n * S + s);
  }
  for (let s = 0; s < S; s++) {
    const th = theta[s * N];
    sales.fill(0);
    for (let m = 0; m < N; m++) {
      const row = s * N + m,
        o = row * N,
        spent = w.spending[m * S + s],
        part = w.atBorder[row] / spent;
      for (let i = 0; i < N; i++) {
        const brought = w.strength[s * N + i] / w.supply[row],
          made = w.output[i * S + s];
        share[m * N + i] = access[o + i] * brought;
        toMarket[m * N + i] = (producer[o + i] * brought * spent) / (made > 0 ? made : 1);
        if (spent > 0)
          income[m * N + i] += spent * th * (border[o + i] * brought - part * share[m * N + i]);
        slopes[(m * B + 1 + s) * N + i] = share[m * N + i];
      }
      slopes[(m * B + 1 + s) * N + m] -= 1;
      if (spent > 0) income[m * N + m] += spent * (1 - part);
    }
    for (let m = 0; m < N; m++)
      for (let i = 0; i < N; i++) {
        const sale = toMarket[m * N + i],
          reach = th * sale;
        sales[i * N + m] += sale;
        if (reach) for (let n = 0; n < N; n++) sales[i * N + n] += reach * share[m * N + n];
      }
    for (let i = 0; i < N; i++) {
      const q = i * S + s,
        at = i * B * N;
      sales[i * N + i] -= th;
      const weight = toLabour[i] > 0 ? partOf(q) / toLabour[i] : 0;
      for (let n = 0; n < N; n++) {
        const sale = sales[i * N + n];
        slopes[at + n] += weight * sale;
        if (specific && cal.output[q] > 0)
          slopes[at + (1 + 2 * S + s) * N + n] = sale - (n === i ? 1 : 0);
      }
      for (let k = 0; k < S; k++) {
        const bought = G[(i * S + k) * S + s] * w.output[q];
        if (bought)
          for (let n = 0, to = at + (1 + S + k) * N; n < N; n++)
            slopes[to + n] += bought * sales[i * N + n];
      }
    }
  }
  const world = w.valueAdded.reduce((a, b) => a + b, 0);
  for (let n = 0; n < N; n++) {
    slopes[n * B * N + n] -= 1;
    for (let k = 0, to = (n * B + 1 + S) * N; k < S; k++, to += N) {
      const bought = w.spending[n * S + k];
      for (let m = 0; m < N; m++)
        slopes[to + m] =
          bought > 0
            ? (slopes[to + m] + finalShare[n * S + k] * income[n * N + m]) / bought -
              (m === n ? 1 : 0)
            : 0;
    }
    // one region's rise lowers all earnings, for world value added is the numeraire
    for (let a = 0, at = n * B * N; a < B; a++, at += N) {
      let sum = 0;
      for (let m = 0; m < N; m++) sum += slopes[at + m];
      for (let m = 0; m < N; m++) slopes[at + m] -= (sum * w.valueAdded[m]) / world;
    }
  }
  return slopes;
}

/** Write minus the inverse of a block, by elimination of all but the earnings, bounded there. */
function invert(A, B, least, into, at) {
  const R = B - 1,
    M = F(R * R),
    rest = F(R * R);
  for (let a = 0; a < R; a++) {
    rest[a * R + a] = 1;
    for (let b = 0; b < R; b++) M[a * R + b] = A[(a + 1) * B + b + 1];
  }
  gaussJordan(M, rest, R);
  const across = F(R),
    down = F(R);
  let left = A[0];
  for (let a = 0; a < R; a++)
    for (let b = 0; b < R; b++) {
      across[b] += A[a + 1] * rest[a * R + b];
      down[a] += rest[a * R + b] * A[(b + 1) * B];
    }
  for (let a = 0; a < R; a++) left -= across[a] * A[(a + 1) * B];
  left = abs(left) > min(NO_RESPONSE, least) ? (left < 0 ? -1 : 1) * max(abs(left), least) : -1;
  into[at] = -1 / left;
  for (let a = 0; a < R; a++) {
    into[at + 1 + a] = across[a] / left;
    into[at + (1 + a) * B] = down[a] / left;
    for (let b = 0; b < R; b++)
      into[at + (1 + a) * B + 1 + b] = -(rest[a * R + b] + (down[a] * across[b]) / left);
  }
}

/** Turn `inverse` (the unit matrix) into the inverse of `M`, by pivoted elimination. */
function gaussJordan(M, inverse, R) {
  for (let c = 0; c < R; c++) {
    let p = c;
    for (let r = c + 1; r < R; r++) if (abs(M[r * R + c]) > abs(M[p * R + c])) p = r;
    if (p !== c)
      for (let k = 0; k < R; k++) {
        let t = M[c * R + k];
        M[c * R + k] = M[p * R + k];
        M[p * R + k] = t;
        t = inverse[c * R + k];
        inverse[c * R + k] = inverse[p * R + k];
        inverse[p * R + k] = t;
      }
    const pivot = 1 / M[c * R + c];
    for (let k = 0; k < R; k++) {
      M[c * R + k] *= pivot;
      inverse[c * R + k] *= pivot;
    }
    for (let r = 0; r < R; r++) {
      const f = M[r * R + c];
      if (r === c || f === 0) continue;
      for (let k = 0; k < R; k++) {
        M[r * R + k] -= f * M[c * R + k];
        inverse[r * R + k] -= f * inverse[c * R + k];
      }
    }
  }
}
