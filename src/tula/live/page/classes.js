// Classes of change on a map: as tula/report/parts/map/world.py.

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

/** The colours of a map in words, from the largest loss to the largest gain. */
function drawKey(key, bounds) {
  const steps = bounds.length,
    told = bounds.join();
  if (key.dataset.bounds === told) return;
  key.dataset.bounds = told;
  const entry = (name, text) =>
    make("span", { role: "listitem" }, make("i", { class: `swatch ${name}` }), text);
  const ends = (sign, at) =>
    at === steps - 1
      ? `beyond ${sign}${bounds[at]}`
      : sign === "+"
        ? `+${bounds[at]} to +${bounds[at + 1]}`
        : `${MINUS}${bounds[at + 1]} to ${MINUS}${bounds[at]}`;
  const entries = [];
  for (let at = steps - 1; at >= 0; at--)
    entries.push(entry(`l${at + 1 + 5 - steps}`, ends(MINUS, at)));
  if (steps) entries.push(entry("z", `within \u00b1${bounds[0]}`));
  for (let at = 0; at < steps; at++) entries.push(entry(`g${at + 1 + 5 - steps}`, ends("+", at)));
  key.replaceChildren(...entries);
}
