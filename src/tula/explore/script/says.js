// Sentences.

const change100 = (data, n) => 100 * (data.real[n] - 1);

function named() {
  const order = [];
  for (const move of state.moves)
    for (const names of [move.who, move.whom])
      if (
        names.length === 1 &&
        REGIONS.includes(names[0]) &&
        !order.includes(REGIONS.indexOf(names[0]))
      )
        order.push(REGIONS.indexOf(names[0]));
  return order;
}

/** What one or two regions gain or lose; two that fare alike share a verb. */
function fates(regions, values, worth) {
  const told = regions.map((n) => gainOrLoss(spoken(n), values[n], worth[n]));
  const [one, other] = regions;
  const alike = regions.length === 2 && values[one] > 0 === values[other] > 0;
  if (!alike || regions.some((n) => Math.abs(values[n]) < NEGLIGIBLE)) return joined(told);
  const second = `${percent(Math.abs(values[other]))} (${money(Math.abs(worth[other]))})`;
  return `${told[0]}, ${spoken(other)} ${second}`;
}

function sentence() {
  if (!found) return "No figures for these moves.";
  if (!state.moves.length) return "Nothing moves: add a move and see who gains and who loses.";
  const values = found.real.map((_, n) => change100(found, n));
  const most = values.map((v, n) => n).sort((a, b) => Math.abs(values[b]) - Math.abs(values[a]));
  const first = named().slice(0, 2);
  if (!first.length) first.push(most[0]);
  const other = most.find((n) => !first.includes(n));
  let text = capital(fates(first, values, found.ev)) + ".";
  if (other !== undefined && Math.abs(values[other]) >= NEGLIGIBLE)
    text += ` Among the others ${spoken(other)} ${spoken(other).includes(" and ") ? "move" : "moves"} most (${change(values[other])}).`;
  return text.replace(/(\d) (bn|million) USD/g, "$1\u00a0$2\u00a0USD");
}

function draw() {
  put($("sentence"), sentence());
  put($("basis"), basis(state));
  drawMap();
  drawRegions();
  drawTrade();
  drawProof();
  tell($("pinned"), state.pin === null ? "" : `Compared with: ${summary(readQuery(state.pin))}`);
  $("unpin").hidden = state.pin === null;
}

const chosenTerms = (part) => [
  `elasticities: ${PAGE.elasticities[part.elasticity]}`,
  part.horizon === "long"
    ? "long run"
    : `${part.horizon} year${part.horizon === "1" ? "" : "s"} after the change`,
  `imbalances ${part.closure}`,
];
const basis = (part) =>
  `Change in real income against ${PAGE.base}. ${capital(chosenTerms(part).join("; "))}.`;
const groupName = (code) => (Object.hasOwn(PAGE.groups, code) ? PAGE.groups[code] : code);
const labelOf = (one, list) =>
  one === "all" ? "all" : (list.find(([code]) => code === one) || [one, groupName(one)])[1];
const listed = (names, list) =>
  names.length > 4
    ? `${names.length} ${list === WORLD.sectors ? "sectors" : "regions"}`
    : joined(names.map((one) => labelOf(one, list)));

function describe(move) {
  const kind = KINDS[move.kind],
    value = amount(move);
  const how = kind.rates
    ? ` at ${number(move.inside)}% up to ${number(move.value)}% of base volume ${move.together ? "together" : "each"}, ${number(move.beyond)}% beyond`
    : move.kind === "embargo"
      ? value && ` on ${value} of the goods`
      : ` ${value.split(":")[0].replace("pp", " points").replace(">=", "at least ").replace("=", "").replace("/together", " together").replace("/each", " each")}`;
  return `${kind.title.toLowerCase()}${how || ""}, ${listed(move.who, WORLD.regions)} ${kind.whom.toLowerCase()} ${listed(move.whom, WORLD.regions)}, ${listed(move.what, WORLD.sectors)}`;
}

const summary = (part) =>
  capital(part.moves.map(describe).join("; ") || "nothing moves") +
  ` (${chosenTerms(part).join("; ")}).`;
