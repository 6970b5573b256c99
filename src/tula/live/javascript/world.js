// A world as it travels with a page, and the questions put to it.

/** Base64 of deflated byte planes to numbers: floats, or counts of units that
    are those of a number's row or column, whichever is smaller. */
async function unpacked({ kind, shape, data, rows, columns }) {
  const bytes = await inflated(data),
    count = shape.reduce((a, b) => a * b, 1),
    width = kind === "f8" ? 8 : 4;
  const raw = new Uint8Array(count * width);
  for (let b = 0; b < width; b++)
    for (let q = 0; q < count; q++) raw[q * width + b] = bytes[b * count + q];
  if (kind === "f8") return new Float64Array(raw.buffer);
  const counts = new Uint32Array(raw.buffer),
    [, A, B] = shape;
  const [row, column] = await Promise.all(
    [rows, columns].map(async (text) => new Int8Array((await inflated(text)).buffer)),
  );
  return Float64Array.from(
    counts,
    (v, q) => v * 2 ** min(row[(q / B) | 0], column[((q / (A * B)) | 0) * B + (q % B)]),
  );
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
      N: this.N,
      S: this.S,
      bought: arrays.bought,
      inputs: arrays.inputs,
      tariff: arrays.tariff,
      exportTax: arrays.export_tax || null,
      specific: arrays.specific || null,
      stiffness: payload.stiffness,
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
    const { N, S } = this,
      found = F(S * N),
      values = this.payload.elasticities[set].theta[horizon];
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
        for (let c = 0; c < this.dayTariff.length; c++)
          if (this.dayTariff[c] !== cal.tariff[c]) touched.push(c);
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
    const found = settle(cal, compileShock(cal, setting.moves), RULES[setting.closure](cal), {
      near,
      ...options,
    });
    this.last = { cal, vector: found.vector };
    return found;
  }
}
