// The map: classes as in tula/report/map.py.

// classes of the map: as tula/report/map.py
const LADDER = [];
for (let power = -5; power < 4; power++)
  for (const digit of [1, 3]) LADDER.push(Number(`${digit}e${power}`));
const limits = (values) => {
  const largest = Math.max(0, ...values.map(Math.abs).filter(Number.isFinite));
  const inside = LADDER.filter((limit) => largest / 400 < limit && limit <= largest).slice(0, 5);
  return inside.length ? inside : [1];
};
const level = (value, bounds) => {
  if (!Number.isFinite(value)) return "na";
  const place = bounds.filter((bound) => Math.abs(value) >= bound).length;
  return place ? `${value > 0 ? "g" : "l"}${place + 5 - bounds.length}` : "z";
};

function drawMap() {
  const values = found ? found.real.map((_, n) => change100(found, n)) : REGIONS.map(() => NaN);
  const bounds = limits(
      pinned ? values.concat(pinned.real.map((_, n) => change100(pinned, n))) : values,
    ),
    actors = named();
  for (const group of document.querySelectorAll("#map [data-r]")) {
    const n = Number(group.dataset.r);
    group.setAttribute("class", `${level(values[n], bounds)}${actors.includes(n) ? " actor" : ""}`);
  }
  const key = $("key"),
    steps = bounds.length,
    entry = (name, text) =>
      make("span", { role: "listitem" }, make("i", { class: `swatch ${name}` }), text);
  const ends = (sign, at) =>
    at === steps - 1
      ? `beyond ${sign}${bounds[at]}`
      : sign === "+"
        ? `+${bounds[at]} to +${bounds[at + 1]}`
        : `${MINUS}${bounds[at + 1]} to ${MINUS}${bounds[at]}`;
  const entries = [];
  if (found) {
    for (let at = steps - 1; at >= 0; at--)
      entries.push(entry(`l${at + 1 + 5 - steps}`, ends(MINUS, at)));
    entries.push(entry("z", `within \u00b1${bounds[0]}`));
    for (let at = 0; at < steps; at++) entries.push(entry(`g${at + 1 + 5 - steps}`, ends("+", at)));
  }
  key.replaceChildren(...entries);
}
