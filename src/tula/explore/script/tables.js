// Tables with bars, and the proof. Rows are made once; a step changes what differs.

/** A cell with a bar from the middle, losses to the left and gains to the right, and a hollow one
    for the pinned. */
function barCell() {
  const now = make("span", { class: "bar gain" }),
    was = make("span", { class: "bar was", hidden: true });
  const cell = make(
    "td",
    { class: "bars", "aria-hidden": "true" },
    make("span", { class: "zero" }),
    was,
    now,
  );
  return { cell, now, was };
}

function drawBar({ now, was }, value, largest, before) {
  const place = (element, v) => {
    const known = Number.isFinite(v),
      part = known ? 50 * Math.min(1, Math.abs(v) / largest) || 0 : 0;
    if (element.hidden === known) element.hidden = !known;
    const style = `left:${(v < 0 ? 50 - part : 50).toFixed(2)}%;width:${part.toFixed(2)}%`;
    if (known && element.getAttribute("style") !== style) element.style.cssText = style;
  };
  place(now, value);
  place(was, before === null ? NaN : before);
  mark(now, "class", `bar ${value < 0 ? "loss" : "gain"}`);
}

/** A row: its name, a bar, and cells of text by their classes. */
function makeRow(name, classes) {
  const bar = barCell(),
    head = make("th", { scope: "row" }, name),
    cells = classes.map((one) => make("td", one ? { class: one } : {}));
  return { row: make("tr", {}, head, bar.cell, ...cells), bar, cells };
}

function drawRow({ row, bar, cells }, texts, value, largest, before, strong) {
  cells.forEach((cell, at) => put(cell, texts[at]));
  drawBar(bar, value, largest, before);
  mark(row, "class", strong ? "strong" : "");
}

/** Put rows into a body in an order, only where it is another. */
function order(body, rows) {
  const there = body.children;
  if (there.length === rows.length && rows.every((row, at) => there[at] === row)) return;
  body.replaceChildren(...rows);
}

const regionRows = REGIONS.map((_, n) =>
  makeRow(nameOf(n), ["", "", "only-pinned", "wide-only", "wide-only"]),
);
const tradeRows = SECTORS.map((_, s) => makeRow(WORLD.sectors[s][1], ["", "", ""]));

function drawRegions() {
  put($("all-regions"), showAll ? "Show fewer" : `Show all ${REGIONS.length}`);
  mark($("all-regions"), "aria-expanded", String(showAll));
  $("regions-table").classList.toggle("comparing", !!pinned);
  if (!found) return order($("regions"), []);
  const values = found.real.map((_, n) => change100(found, n)),
    actors = named();
  const byGain = values.map((_, n) => n).sort((a, b) => values[b] - values[a]);
  const most = [...byGain].sort((a, b) => Math.abs(values[b]) - Math.abs(values[a])).slice(0, 10);
  const kept = showAll ? byGain : byGain.filter((n) => most.includes(n) || actors.includes(n));
  const before = (n) => (pinned ? change100(pinned, n) : null);
  const largest = Math.max(
    1e-9,
    ...kept.map((n) => Math.max(Math.abs(values[n]), Math.abs(before(n) || 0))),
  );
  for (const n of kept) {
    const texts = [
      change(values[n]),
      signed(found.ev[n]),
      pinned ? change(before(n)) : "",
      change(100 * (found.price[n] - 1)),
      change(100 * (found.wage[n] - 1)),
    ];
    drawRow(regionRows[n], texts, values[n], largest, before(n), actors.includes(n));
  }
  order(
    $("regions"),
    kept.map((n) => regionRows[n].row),
  );
}

function drawTrade() {
  const [buyer, seller] = state.pair;
  if (!found || found.pair.join() !== state.pair.join()) {
    put($("trade-said"), "");
    return order($("trade"), []);
  }
  const total = found.trade.reduce(([a, b], [c, d]) => [a + c, b + d], [0, 0]);
  const worth = (now, before) => (before > 0 ? 100 * (now / before - 1) : NaN);
  put(
    $("trade-said"),
    buyer === seller
      ? "Choose two different regions."
      : `${capital(spoken(buyer))} ${spoken(buyer).includes(" and ") ? "buy" : "buys"} ${money(total[1])} a year from ${spoken(seller)}, against ${money(total[0])} in the base${total[0] > 0 ? ` (${change(worth(total[1], total[0]))})` : ""}.`,
  );
  const moved = found.trade.map(([before, now]) => now - before),
    largest = Math.max(1e-9, ...moved.map(Math.abs));
  const shown = moved
    .map((_, s) => s)
    .filter((s) => buyer !== seller && Math.max(...found.trade[s]) > 0)
    .sort((a, b) => Math.abs(moved[b]) - Math.abs(moved[a]))
    .slice(0, 12);
  for (const s of shown) {
    const [before, now] = found.trade[s],
      part = worth(now, before);
    const texts = [billions(before), billions(now), Number.isFinite(part) ? change(part) : "n/a"];
    drawRow(tradeRows[s], texts, moved[s], largest, null, false);
  }
  order(
    $("trade"),
    shown.map((s) => tradeRows[s].row),
  );
}

function drawProof() {
  tell(
    $("proof"),
    found
      ? `${proofSaid(found.proof, nameOf, (s) => WORLD.sectors[s][1])} ${found.proof.evaluations} evaluation${found.proof.evaluations === 1 ? "" : "s"}, ${found.ms < 10 ? found.ms.toFixed(1) : found.ms.toFixed(0)} ms.`
      : "No certificate: nothing is shown that its equations do not prove.",
  );
}
