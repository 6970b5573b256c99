// The world of an answer where one situation stands: strategy/answer/{worlds,policies,readings}.py.

/** Years after the first in which sigma goes to its long run; flat before. */
const sigmaAt = (age, first, long, speed) => long - (long - first) * exp(-max(0, age - 1) / speed);

//: Trade elasticities nearer to zero than this are zero (technology.py).
const UNIT_WITHIN = 1e-5;

/** The question of a study put to its world; a `state` says what stands, and its beliefs. */
class Question {
  constructor({ world, asked, duties }) {
    this.world = world;
    this.asked = asked;
    this.duties = new Map(duties.map(({ off, rates }) => [off.join("\n"), rates]));
    this.bases = new Map();
    this.starts = new Map();
  }

  static async open({ world, asked, duties, first }) {
    const rates = await Promise.all(duties.map(unpacked));
    const placed = duties.map(({ off }, n) => ({ off, rates: rates[n] }));
    const found = new Question({ world: await World.open(world), asked, duties: placed });
    found.first = first;
    return found;
  }

  /** A number at the beliefs of a state: its own where moved, else the median. */
  read(number, { beliefs }) {
    if (number === null || typeof number !== "object") return number;
    const { belief } = number;
    return Object.hasOwn(beliefs, belief) ? beliefs[belief] : this.asked.beliefs[belief][0];
  }

  /** Sigmas at an age: of slow buyers, of all others in the long run, of commodities. */
  sigmas(state, age) {
    const { elasticity: path, commodities } = this.asked,
      read = (number) => this.read(number, state);
    const long = read(path.long_run);
    return {
      slow: sigmaAt(age, read(path.first_year), long, read(path.speed)),
      long,
      longest: max(long, path.longest),
      own: commodities.map((one) =>
        sigmaAt(
          age,
          read(one.replace),
          max(read(one.replace), read(one.grades)),
          read(one.speed),
        ),
      ),
    };
  }

  /** Trade elasticities (S,N): of buyers hit, of all others, and of commodities. */
  theta(at) {
    const { N, S } = this.world,
      { elasticity: path, commodities } = this.asked;
    const sigma = (one) => (typeof one === "string" ? at[one] : one);
    const given = this.world.payload.elasticities.world.theta.long,
      found = F(S * N),
      own = new Set(commodities.map(({ sector }) => sector));
    for (let s = 0; s < S; s++)
      found.fill(path.others === null ? given[s] : sigma(path.others) - 1, s * N, (s + 1) * N);
    if (path.hit !== null)
      for (const [s, n] of path.buyers) if (!own.has(s)) found[s * N + n] = sigma(path.hit) - 1;
    commodities.forEach(({ sector }, place) =>
      found.fill(at.own[place] - 1, sector * N, (sector + 1) * N),
    );
    return found.map((th) => (abs(th) < UNIT_WITHIN ? 0 : th));
  }

  /** Shares of value added (N,S) that stay in the wells of commodities; null where all supply is
      free (engine_supply.py). */
  tied(state) {
    const { N, S, flows } = this.world,
      found = F(N * S);
    const plain = calibrate({ ...flows, specific: null }, F(S * N));
    for (const { sector, supply } of this.asked.commodities)
      if (supply !== null)
        for (let n = 0; n < N; n++) {
          const q = n * S + sector,
            va = plain.valueAddedShare[q];
          if (plain.output[q] > 0 && va > 0)
            found[q] = 1 / max(1, 1 + this.read(supply, state) * va - (1 - va));
        }
    return found.some((share) => share > 0) ? found : null;
  }

  /** The base year at the elasticities and wells of a state and age, and what tells it apart. */
  base(state, age) {
    const at = this.sigmas(state, age),
      wells = this.asked.commodities.map(({ supply }) => this.read(supply, state));
    const key = [at.slow, at.long, ...at.own, ...wells].join();
    if (!this.bases.has(key)) {
      const flows = { ...this.world.flows, specific: this.tied(state) };
      if (this.bases.size > 5) this.bases.delete(this.bases.keys().next().value);
      const cal = calibrate(flows, this.theta(at));
      this.bases.set(key, { key, cal: this.asked.closure === "balanced" ? purged(cal) : cal });
    }
    return this.bases.get(key);
  }

  /** Import duties (S,N,I): layers of what does not stand are off, those of what stands scaled,
      by the product where several act on one. */
  tariff(state) {
    const { on, happened } = state,
      { switches, causes } = this.asked,
      off = switches.filter(({ id }) => !on.includes(id)).flatMap(({ layers }) => layers);
    const without = (more) => this.duties.get([...new Set([...off, ...more])].sort().join("\n"));
    const scaled = [
      ...switches.filter(({ id, layers }) => layers.length && on.includes(id)),
      ...causes.filter(({ id, layers }) => layers.length && happened.includes(id)),
    ];
    const scaledBy = ([first, ...others], laid) => {
      if (!first) return without(laid);
      const { layers, size, left } = first,
        ratio = this.read(size === undefined ? left : size, state),
        level = scaledBy(others, laid);
      if (ratio === 1) return level;
      const less = scaledBy(others, [...laid, ...layers]);
      return level.map((rate, c) => rate + (ratio - 1) * (rate - less[c]));
    };
    return scaledBy(scaled, []);
  }

  /** All that is done beside the duties; `lost` are switches whose rents nobody keeps. */
  moves(state, lost) {
    const course = this.asked.courses.find(({ id }) => id === state.course);
    const taken = (moves) => this.placed(moves, state);
    const acting = [
      course,
      ...(state.offer && course.offer ? [course.offer] : []),
      ...this.asked.switches.filter(({ id }) => state.on.includes(id)),
    ];
    for (const { full } of acting) if (full) throw new Refusal(full);
    const found = [...taken(this.asked.standing), ...taken(course.moves)];
    if (state.offer && course.offer) found.push(...taken(course.offer.moves));
    for (const one of this.asked.switches)
      if (state.on.includes(one.id)) {
        const rent = lost.includes(one.id) ? { rent: "nobody" } : {};
        for (const move of taken(one.moves))
          found.push(CAPS.includes(move.kind) ? { ...move, ...rent } : move);
      }
    return found;
  }

  /** Moves with the values of their beliefs in the place of them. */
  placed(moves, state) {
    return moves.map((move) => {
      const found = { coverage: 1, ...move };
      for (const field of ["value", "coverage", "inside", "beyond"])
        found[field] = this.read(found[field], state);
      const { value } = found;
      return { ...found, value: move.relative ? 1 + value : move.less ? 1 - value : value };
    });
  }

  /** Sets of switches whose rents are lost, each with its part: one where no rent is in doubt. */
  parts(state) {
    let found = [{ weight: 1, lost: [] }];
    for (const { id, rent_lost } of this.asked.switches)
      if (rent_lost !== null && state.on.includes(id)) {
        const share = this.read(rent_lost, state);
        found = found.flatMap(({ weight, lost }) => [
          { weight: weight * (1 - share), lost },
          { weight: weight * share, lost: [...lost, id] },
        ]);
      }
    return found.filter(({ weight }) => weight > 0);
  }

  /** Where all equilibria begin: what stands at first, in the first month, at medians of all but
      elasticities and wells. */
  start(state) {
    const first = { ...this.first, offer: false, beliefs: {} },
      { key, cal } = this.base(state, this.asked.months[0]);
    if (!this.starts.has(key)) {
      const shock = compileShock(
        cal,
        this.moves(first, this.parts(first)[0].lost),
        this.tariff(first),
      );
      const { vector } = settle(cal, shock, RULES[this.asked.closure](cal));
      this.starts.set(key, vector.slice(0, cal.N * cal.each));
    }
    return this.starts.get(key);
  }

  /** Solve a state: course, offer, on, happened, month, beliefs. Throws `Refusal`.

      Ties and incomes are means over the parts; every part is proved by itself. */
  solve(state) {
    const { cal } = this.base(state, this.asked.months[state.month - 1]),
      begin = this.start(state),
      duties = this.tariff(state);
    const { N, S } = cal,
      mean = { ev: F(N), real: F(N), ties: [], trade: F(S * 4) };
    let worst = null,
      evaluations = 0;
    for (const { weight, lost } of this.parts(state)) {
      const shock = compileShock(cal, this.moves(state, lost), duties);
      const near = F(cal.N * cal.each + shock.limits.length);
      near.set(begin);
      const found = settle(cal, shock, RULES[this.asked.closure](cal), { near, sure: true });
      evaluations += found.certificate.evaluations;
      if (!worst || found.certificate.worst.value > worst.worst.value) worst = found.certificate;
      for (let n = 0; n < N; n++) {
        mean.ev[n] += weight * found.ev[n];
        mean.real[n] += weight * found.realIncomeHat[n];
      }
      this.asked.ties.forEach((tie, at) => {
        mean.ties[at] = (mean.ties[at] || 0) + weight * delivered(found, tie);
      });
      this.pairs(found).forEach((value, q) => (mean.trade[q] += weight * value));
    }
    const { cells: _, ...proof } = worst;
    const ties = mean.ties.map((kept, at) => kept * this.carried(this.asked.ties[at].id, state));
    return { ...mean, ties, proof: { ...proof, evaluations }, trade: Array.from(mean.trade) };
  }

  /** What the pivot sells to and buys from each rival at the border, million USD, by sector:
      sold to the first, bought of it, sold to the second, bought of it. */
  pairs({ cal: { N, S }, certificate: { cells: each } }) {
    const [home, ...rivals] = this.asked.parties,
      found = F(S * 4);
    for (let s = 0; s < S; s++)
      rivals.forEach((rival, at) => {
        found[s * 4 + 2 * at] = each.atBorder[(s * N + rival) * N + home];
        found[s * 4 + 2 * at + 1] = each.atBorder[(s * N + home) * N + rival];
      });
    return found;
  }

  /** The share of a tie that what stands leaves. */
  carried(tie, state) {
    let left = 1;
    for (const { id, carried } of this.asked.switches)
      if (state.on.includes(id) && Object.hasOwn(carried, tie))
        left *= this.read(carried[tie], state);
    return left;
  }
}

/** What arrives of a tie, ratio to the base year, by value at the border or by volume. */
function delivered({ cal, system, certificate: { cells: each } }, { cells: places, by }) {
  if (!places) return 1;
  const { N, S } = cal,
    w = system.work;
  let now = 0,
    before = 0;
  for (const c of places) {
    const n = ((c / N) | 0) % N,
      s = (c / (N * N)) | 0,
      i = c % N;
    const base = cal.border[c] * cal.expenditure[n * S + s];
    before += base;
    if (by === "value") now += each.atBorder[c];
    else if (base > 0 && each.share[c] > 0) {
      const spent = w.spending[n * S + s] / cal.expenditure[n * S + s];
      now +=
        (base * (each.share[c] / cal.share[c]) * spent) / (exp(w.logCost[i * S + s]) * each.hat[c]);
    }
  }
  return now / before;
}
