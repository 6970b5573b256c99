// Command, Python lines and citation that give the same figures.

const quoted = (text) =>
  /^[\w.,:+%/=@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
const sayable = (move) =>
  [...move.who, ...move.whom, ...move.what].every((one) => !/[:]/.test(one));

function command() {
  if (!state.moves.length) return "# nothing moves: add a move";
  const parts = [
    "tula solve",
    ...state.moves.map((move) =>
      sayable(move)
        ? `--${move.kind} ${quoted(moveText(move, (one) => one))}`
        : `# ${move.kind}: a name holds a colon, use the Python lines`,
    ),
  ];
  parts.push(`--world ${quoted(PAGE.world)}`);
  if (PAGE.day) parts.push(`--as-of ${PAGE.day}`);
  for (const layer of PAGE.without) parts.push(`--without ${quoted(layer)}`);
  if (state.closure !== "fixed") parts.push(`--closure ${state.closure}`);
  if (state.elasticity !== "world") parts.push(`--elasticity ${quoted(state.elasticity)}`);
  if (state.horizon !== "long") parts.push(`--horizon ${state.horizon}`);
  return parts.join(" ");
}

const literal = (names) => `[${names.map((one) => JSON.stringify(one)).join(", ")}]`;

function instrument(move) {
  const sides = KINDS[move.kind].seller ? [move.whom, move.who] : [move.who, move.whom];
  const places = `importer=${literal(sides[0])}, exporter=${literal(sides[1])}, sectors=${literal(move.what)}`;
  const part = number(move.value / 100);
  return {
    tariff: () => `tl.Tariff(${places}, ${move.operator}=${part})`,
    "export-tax": () => `ExportTax(${places}, ${move.operator}=${part})`,
    "trade-cost": () => `tl.TradeCost(${places}, add=${part})`,
    embargo: () => `tl.Embargo(${places}${move.value === 100 ? "" : `, coverage=${part}`})`,
    cut: () => `tl.ImportCut(${places}, cut=${part})`,
    "import-cap": () =>
      `tl.ImportCap(${places}, at=${part}, together=${move.together ? "True" : "False"}, rent_to="${move.rent}")`,
    "tariff-quota": () =>
      `tl.TariffQuota(${places}, inside=${number(move.inside / 100)}, beyond=${number(move.beyond / 100)}, at=${part}, together=${move.together ? "True" : "False"}, rent_to="${move.rent}")`,
    agreement: () =>
      `tl.TradeAgreement(members=[${literal(move.who)}, ${literal(move.whom)}], sectors=${literal(move.what)}, coverage=${part})`,
  }[move.kind]();
}

function python() {
  const closure = {
    fixed: "tl.FixedBalance()",
    proportional: 'CLOSURES["proportional"]',
    balanced: "tl.BalancedTrade()",
  }[state.closure];
  const lines = ["import tula as tl"];
  if (state.closure === "proportional") lines.push("from tula.equilibrium import CLOSURES");
  if (state.moves.some((move) => move.kind === "export-tax"))
    lines.push("from tula.policy import ExportTax");
  if (PAGE.day)
    lines.push(
      "from datetime import date",
      "from tula.equilibrium.day import question_of_day",
      "from tula.policy.duties import DutiesOfDay",
    );
  lines.push("", `world = tl.load_world(${JSON.stringify(PAGE.world)})`);
  if (state.elasticity !== "world")
    lines.push(`world = tl.with_elasticity_set(world, ${JSON.stringify(state.elasticity)})`);
  if (state.horizon !== "long") lines.push(`world = tl.at_horizon(world, ${state.horizon})`);
  lines.push("moves = [", ...state.moves.map((move) => `    ${instrument(move)},`), "]");
  if (PAGE.day && state.moves.length) {
    const without = PAGE.without.map((one) => `${JSON.stringify(one)}, `).join("");
    const laid = without && `, without=(${without.trim()})`;
    lines.push(`duties = DutiesOfDay(date(${PAGE.day.split("-").map(Number).join(", ")})${laid})`);
    lines.push(
      `before, question = question_of_day(tl.calibrate(world), duties, moves, closure=${closure})`,
      `solution = tl.solve(before, question, closure=${closure})`,
    );
  } else lines.push(`solution = tl.solve(world, moves, closure=${closure})`);
  lines.push("print(tl.metrics.real_income(solution))");
  return lines.join("\n") + "\n";
}

const citation = () =>
  `Tula developers, Tula ${PAGE.version}, explorer of ${WORLD.name} (${WORLD.vintage}${WORLD.day ? `, import duties as of ${WORLD.day}` : ""}; world ${(WORLD.world_hash || WORLD.hash).slice(0, 12)}, page ${WORLD.hash.slice(0, 12)}). ${summary(state)}`;

function writeShare() {
  $("command-text").textContent = command();
  $("python-text").textContent = python();
  $("citation-text").textContent = citation();
}
