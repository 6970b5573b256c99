// Tables with bars, and the proof.

/** A bar from the middle: losses to the left, gains to the right; a hollow one for the pinned. */
function bar(value, largest, before) {
  const place = (v) => {
    const part = 50 * Math.min(1, Math.abs(v) / largest) || 0;
    return `left:${v < 0 ? 50 - part : 50}%;width:${part}%`;
  };
  const cell = make(
    "td",
    { class: "bars", "aria-hidden": "true" },
    make("span", { class: "zero" }),
  );
  if (before !== null && Number.isFinite(before))
    cell.append(styled("span", `bar was`, place(before)));
  if (Number.isFinite(value))
    cell.append(styled("span", `bar ${value < 0 ? "loss" : "gain"}`, place(value)));
  return cell;
}

function styled(tag, name, style) {
  const element = make(tag, { class: name });
  for (const rule of style.split(";")) {
    const [key, value] = rule.split(":");
    element.style[key] = value;
  }
  return element;
}

function drawRegions() {
  const body = $("regions"),
    rows = [];
  $("all-regions").textContent = showAll ? "Show fewer" : `Show all ${REGIONS.length}`;
  $("all-regions").setAttribute("aria-expanded", showAll);
  $("regions-table").classList.toggle("comparing", !!pinned);
  if (found) {
    const values = found.real.map((_, n) => change100(found, n)),
      actors = named();
    const order = values.map((_, n) => n).sort((a, b) => values[b] - values[a]);
    const most = [...order].sort((a, b) => Math.abs(values[b]) - Math.abs(values[a])).slice(0, 10);
    const kept = showAll ? order : order.filter((n) => most.includes(n) || actors.includes(n));
    const largest = Math.max(
      1e-9,
      ...kept.map((n) =>
        Math.max(Math.abs(values[n]), pinned ? Math.abs(change100(pinned, n)) : 0),
      ),
    );
    for (const n of kept)
      rows.push(
        make(
          "tr",
          { class: actors.includes(n) ? "strong" : null },
          make("th", { scope: "row" }, nameOf(n)),
          bar(values[n], largest, pinned ? change100(pinned, n) : null),
          make("td", {}, change(values[n])),
          make("td", {}, signed(found.ev[n])),
          make("td", { class: "only-pinned" }, pinned ? change(change100(pinned, n)) : ""),
          make("td", { class: "wide-only" }, change(100 * (found.price[n] - 1))),
          make("td", { class: "wide-only" }, change(100 * (found.wage[n] - 1))),
        ),
      );
  }
  body.replaceChildren(...rows);
}

function drawTrade() {
  const body = $("trade"),
    [buyer, seller] = state.pair,
    rows = [];
  if (found && found.pair.join() === state.pair.join()) {
    const total = found.trade.reduce(([a, b], [c, d]) => [a + c, b + d], [0, 0]);
    const worth = (now, before) => (before > 0 ? 100 * (now / before - 1) : NaN);
    $("trade-said").textContent =
      buyer === seller
        ? "Choose two different regions."
        : `${capital(spoken(buyer))} ${spoken(buyer).includes(" and ") ? "buy" : "buys"} ${money(total[1])} a year from ${spoken(seller)}, against ${money(total[0])} in the base${total[0] > 0 ? ` (${change(worth(total[1], total[0]))})` : ""}.`;
    const moved = found.trade.map(([before, now]) => now - before),
      largest = Math.max(1e-9, ...moved.map(Math.abs));
    const order = moved
      .map((_, s) => s)
      .filter((s) => found.trade[s][0] > 0 || found.trade[s][1] > 0)
      .sort((a, b) => Math.abs(moved[b]) - Math.abs(moved[a]));
    if (buyer !== seller)
      for (const s of order.slice(0, 12))
        rows.push(
          make(
            "tr",
            {},
            make("th", { scope: "row" }, WORLD.sectors[s][1]),
            bar(moved[s], largest, null),
            make("td", {}, billions(found.trade[s][0])),
            make("td", {}, billions(found.trade[s][1])),
            make(
              "td",
              {},
              Number.isFinite(worth(found.trade[s][1], found.trade[s][0]))
                ? change(worth(found.trade[s][1], found.trade[s][0]))
                : "n/a",
            ),
          ),
        );
  } else $("trade-said").textContent = "";
  body.replaceChildren(...rows);
}

function drawProof() {
  if (!found)
    return tell($("proof"), "No certificate: nothing is shown that its equations do not prove.");
  const { proof } = found,
    place = [
      proof.worst.region >= 0 && nameOf(proof.worst.region),
      proof.worst.sector >= 0 && WORLD.sectors[proof.worst.sector][1],
    ]
      .filter(Boolean)
      .join(", ");
  tell(
    $("proof"),
    `Proved on this page: every equation holds to ${proof.worst.value.toExponential(1).replace("-", MINUS)} (worst: ${proof.worst.equation}${place ? `, ${place}` : ""}; tolerance ${proof.tolerance.toExponential(0).replace("-", MINUS)}). ${proof.evaluations} evaluation${proof.evaluations === 1 ? "" : "s"}, ${found.ms < 10 ? found.ms.toFixed(1) : found.ms.toFixed(0)} ms.`,
  );
}
