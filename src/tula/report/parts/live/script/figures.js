// Figures of what is moved, beside those of what stands.

const share = (value) => minus(`${(100 * value).toFixed(0)}%`);
const worth = (million) => {
  const text = (million / 1000).toFixed(1);
  return (million > 0 && /[1-9]/.test(text) ? "+" : "") + minus(text);
};
const regionName = (n) => DATA.regions[n],
  sectorName = (s) => DATA.sectors[s];
let found = null,
  standing = null;

/** Add a column for what is moved; cells by the row's id. */
function columnOf(id) {
  const table = $(id),
    cells = new Map();
  table.tHead.rows[0].append(make("th", { scope: "col", "data-moved": "" }, "Moved"));
  for (const row of table.tBodies[0].rows) {
    const cell = row.appendChild(make("td", { "data-moved": "" }));
    const bar = row.querySelector(".bar");
    const was = bar && bar.cloneNode();
    if (was) {
      was.className = "bar was";
      bar.before(was);
    }
    cells.set(row.dataset.id, { row, cell, bar });
  }
  return cells;
}
const columns = { ties: columnOf("live-ties"), incomes: columnOf("live-incomes") };

function drawTables() {
  asked.ties.forEach(({ id }, at) => {
    const { row, cell, bar } = columns.ties.get(id),
      kept = found ? found.ties[at] : NaN;
    put(cell, found ? share(kept) : "");
    mark(cell, "class", kept < asked.kept ? "below" : "");
    if (found) bar.style.width = `${(100 * Math.min(kept / 1.2, 1)).toFixed(2)}%`;
    mark(
      row,
      "class",
      found && standing && share(kept) !== share(standing.ties[at]) ? "strong" : "",
    );
  });
  const codes = Object.keys(DATA.figures.income);
  asked.parties.forEach((n, at) =>
    put(columns.incomes.get(codes[at]).cell, found ? worth(found.ev[n]) : ""),
  );
}

/** The world map of the page once more, to be coloured by what is moved. */
const groups = [];
function cloneMap() {
  const drawn = document.querySelector("#map .world svg");
  if (!drawn) return ($("live-map").closest("figure").hidden = true);
  const copy = drawn.cloneNode(true);
  copy.querySelectorAll("[id]").forEach((one) => one.removeAttribute("id"));
  mark(
    copy,
    "aria-label",
    "World map: change in real income over the base year by region, as moved.",
  );
  for (const group of copy.querySelectorAll("[data-r]")) {
    groups.push([group, Number(group.dataset.r), group.classList.contains("actor")]);
    group.setAttribute("class", "");
  }
  copy.classList.add("classed");
  $("live-map").replaceChildren(copy);
}

function drawMap() {
  const values = Array.from(found.real, (hat) => 100 * (hat - 1)),
    bounds = limits(
      standing ? values.concat(Array.from(standing.real, (hat) => 100 * (hat - 1))) : values,
    );
  for (const [group, n, actor] of groups)
    mark(group, "class", `${level(values[n], bounds)}${actor ? " actor" : ""}`);
  drawKey($("live-key"), bounds);
  const order = values.map((_, n) => n).sort((a, b) => values[b] - values[a]);
  const named = (n) => `${regionName(n)} ${change(values[n])}`;
  const most = joined(order.slice(0, 3).map(named)),
    least = joined(order.slice(-3).reverse().map(named));
  put($("live-movers"), `Most: ${most}. Least: ${least}.`);
}

const tradeRows = [];
function makeTrade() {
  const table = $("live-trade"),
    heads = DATA.rivals.flatMap((rival) => [`sold to ${rival}`, `bought from ${rival}`]);
  table.tHead.replaceChildren(
    make(
      "tr",
      {},
      make("th", { scope: "col" }, "Sector"),
      ...heads.map((one) => make("th", { scope: "col" }, capital(one))),
    ),
  );
  DATA.sectors.forEach((name) => {
    const cells = heads.map(() => make("td"));
    tradeRows.push({ row: make("tr", {}, make("th", { scope: "row" }, name), ...cells), cells });
  });
}

function drawTrade() {
  const before = standing || found,
    at = (one, s, q) => one.trade[4 * s + q];
  const size = (s) =>
    Math.max(...[0, 1, 2, 3].map((q) => Math.abs(at(found, s, q) - at(before, s, q))));
  const large = (s) => Math.max(...[0, 1, 2, 3].map((q) => at(before, s, q)));
  const order = DATA.sectors
    .map((_, s) => s)
    .sort((a, b) => size(b) - size(a) || large(b) - large(a))
    .slice(0, 7);
  for (const s of order)
    tradeRows[s].cells.forEach((cell, q) => {
      const [was, now] = [billions(at(before, s, q)), billions(at(found, s, q))];
      put(cell, was === now ? was : `${was} \u2192 ${now}`);
    });
  const body = $("live-trade").tBodies[0],
    rows = order.map((s) => tradeRows[s].row);
  if (rows.some((row, n) => body.children[n] !== row)) body.replaceChildren(...rows);
}

function sentence() {
  if (!found) return "No figures for this.";
  const line = share(asked.kept),
    flows = asked.ties.map(({ title }, at) => ({ title, kept: found.ties[at] })),
    below = flows.filter(({ kept }) => kept < asked.kept),
    least = flows.reduce((a, b) => (b.kept < a.kept ? b : a));
  const others =
    below.length > 1 ? `${below.length} ties are below it` : "every other tie stays above it";
  const ties = below.length
    ? `${share(least.kept)} of ${least.title} arrives, below the line of ${line}; ${others}`
    : `every tie stays above the line of ${line}, least of all ${least.title} with ${share(least.kept)}`;
  return `In month ${state.month}, for certain, ${ties}.${income()}`;
}

/** What the pivot gains or loses beside what stands. */
function income() {
  if (!moved() || !standing) return "";
  const million = found.ev[asked.pivot] - standing.ev[asked.pivot],
    size = Math.abs(million / 1000).toFixed(1);
  const told = Number(size)
    ? `${size} bn USD a year ${million > 0 ? "more" : "less"}`
    : "no more and no less";
  return ` ${capital(DATA.home)} has ${told} than as it stands.`;
}

function draw() {
  put($("live-said"), sentence());
  drawTables();
  put($("live-odds"), oddsSaid());
  $("live-world").hidden = !found;
  if (found) {
    drawMap();
    drawTrade();
    put($("live-proof"), proofSaid(found.proof, regionName, sectorName));
  } else put($("live-proof"), "");
}
