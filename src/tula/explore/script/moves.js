// Kinds of move, as `tula solve` names them, and their texts.

const ADD = { add: "add", set: "set to", at_least: "at least" };
const KINDS = {
  __proto__: null,
  tariff: {
    title: "Import duty",
    who: "Importer",
    whom: "On imports from",
    operators: ADD,
    units: { add: "points", set: "%", at_least: "%" },
    start: 10,
    low: -20,
    high: 100,
  },
  "export-tax": {
    title: "Export tax",
    who: "Exporter",
    whom: "On sales to",
    operators: ADD,
    units: { add: "points", set: "%", at_least: "%" },
    start: 10,
    low: -20,
    high: 100,
    seller: true,
  },
  "trade-cost": {
    title: "Cost of trade",
    who: "Importer",
    whom: "On deliveries from",
    units: "%",
    start: 10,
    low: -50,
    high: 100,
  },
  embargo: {
    title: "Embargo",
    who: "Importer",
    whom: "Buys nothing from",
    units: "% of the goods",
    start: 100,
    low: 0,
    high: 100,
  },
  cut: {
    title: "Cut of purchases",
    who: "Importer",
    whom: "Buys less from",
    units: "% less volume",
    start: 35,
    low: 0,
    high: 99,
  },
  "import-cap": {
    title: "Quota",
    who: "Importer",
    whom: "On purchases from",
    units: "% of base volume",
    start: 65,
    low: 1,
    high: 100,
    quota: true,
  },
  "tariff-quota": {
    title: "Tariff quota",
    who: "Importer",
    whom: "On purchases from",
    units: "% of base volume at the duty inside",
    start: 100,
    low: 1,
    high: 200,
    quota: true,
    rates: {
      inside: { title: "Duty inside", start: 0 },
      beyond: { title: "Duty beyond", start: 25 },
    },
  },
  agreement: {
    title: "Trade agreement",
    who: "One side",
    whom: "With",
    units: "% of duties removed",
    start: 100,
    low: 0,
    high: 100,
  },
};
const unitOf = (move) =>
  typeof KINDS[move.kind].units === "object"
    ? KINDS[move.kind].units[move.operator]
    : KINDS[move.kind].units;

/** A move with every field that its kind has. */
function complete(move) {
  const kind = KINDS[move.kind];
  const found = { kind: move.kind, who: move.who, whom: move.whom, what: move.what };
  if (kind.operators) found.operator = kind.operators[move.operator] ? move.operator : "add";
  if (kind.units) {
    const given = Number.isFinite(move.value) ? move.value : kind.start;
    found.value = Math.min(
      Math.max(given, found.operator && found.operator !== "add" ? 0 : kind.low),
      1000,
    );
    if (!kind.operators && kind.high < 101 && found.value > kind.high) found.value = kind.high;
  }
  for (const field in kind.rates) {
    const given = Number.isFinite(move[field]) ? move[field] : kind.rates[field].start;
    found[field] = Math.min(Math.max(given, 0), 1000);
  }
  if (kind.quota) {
    found.together = !!move.together;
    found.rent = ["importer", "exporter", "nobody"].includes(move.rent) ? move.rent : "importer";
  }
  return found;
}

const number = (v) => String(Math.round(v * 1e6) / 1e6);

/** The value of a move as the command line writes it. */
function amount(move) {
  if (move.kind === "embargo" && move.value === 100) return null;
  if (move.operator === "add") return `${move.value < 0 ? "" : "+"}${number(move.value)}pp`;
  if (move.operator) return `${move.operator === "set" ? "=" : ">="}${number(move.value)}%`;
  if (move.kind === "trade-cost") return `${move.value < 0 ? "" : "+"}${number(move.value)}%`;
  const { rates, quota } = KINDS[move.kind];
  return [
    ...Object.keys(rates || {}).map((field) => `${number(move[field])}%`),
    `${number(move.value)}%${quota ? (move.together ? "/together" : "/each") : ""}`,
    ...(quota ? [move.rent] : []),
  ].join(":");
}

/** The parts of a move in the grammar of the command line, each name passed through `write`. */
const moveText = (move, write) =>
  [move.who, move.whom, move.what]
    .map((names) => names.map(write).join("+"))
    .concat(amount(move) === null ? [] : [amount(move)])
    .join(":");

/** Read a move back from such a text; null where it says nothing of this world. */
function readMove(kind, text) {
  const parts = text.split(":"),
    [who, whom, what] = parts
      .slice(0, 3)
      .map((part) => (part || "").split("+").map(decodeURIComponent));
  if (!KINDS[kind] || parts.length < 3) return null;
  const known = (names, codes, groups) =>
    names.length &&
    names.every((one) => one === "all" || codes.includes(one) || Object.hasOwn(groups, one));
  if (
    !known(who, REGIONS, WORLD.region_groups) ||
    !known(whom, REGIONS, WORLD.region_groups) ||
    !known(what, SECTORS, WORLD.sector_groups)
  )
    return null;
  // browsers write some signs of an address in their own way
  const plain = (part = "") => part.replace(/%3E/gi, ">").replace(/%25/g, "%"),
    rates = {};
  for (const field in KINDS[kind].rates) rates[field] = percentOf(plain(parts.splice(3, 1)[0]));
  if (Object.values(rates).some(Number.isNaN)) return null;
  const read = plain(parts[3] || (kind === "embargo" ? "100%" : "")).match(
    /^(>=|=|[+-])?([\d.]+)(?:pp|%)(?:\/(together|each))?$/,
  );
  if (KINDS[kind].units && !read) return null;
  const operator = (read && { ">=": "at_least", "=": "set" }[read[1]]) || "add";
  return complete({
    kind,
    who,
    whom,
    what,
    operator,
    value: read ? (read[1] === "-" ? -1 : 1) * parseFloat(read[2]) : NaN,
    together: read && read[3] === "together",
    rent: parts[4],
    ...rates,
  });
}

const percentOf = (text) => (/^[\d.]+%$/.test(text) ? parseFloat(text) : NaN);

const resolved = (names, codes, groups) => {
  const chosen = new Set();
  for (const one of names) {
    if (one === "all") codes.forEach((_, place) => chosen.add(place));
    else if (codes.includes(one)) chosen.add(codes.indexOf(one));
    else groups[one].forEach((place) => chosen.add(place));
  }
  return [...chosen].sort((a, b) => a - b);
};

/** A move as the engine reads it: positions, fractions, ratios. */
function asked(move) {
  const who = resolved(move.who, REGIONS, WORLD.region_groups),
    whom = resolved(move.whom, REGIONS, WORLD.region_groups);
  const seller = KINDS[move.kind].seller;
  const value = move.kind === "trade-cost" ? 1 + move.value / 100 : move.value / 100;
  return {
    kind: move.kind,
    operator: move.operator,
    value,
    coverage: move.kind === "embargo" ? value : 1,
    inside: move.inside / 100,
    beyond: move.beyond / 100,
    together: move.together,
    rent: move.rent,
    importers: seller ? whom : who,
    exporters: seller ? who : whom,
    sectors: resolved(move.what, SECTORS, WORLD.sector_groups),
  };
}
