// The page's data, words and numbers; names of a world only ever become text.

const $ = (id) => document.getElementById(id);
const PAGE = JSON.parse($("page-data").textContent),
  WORLD = JSON.parse($("world-data").textContent);
const REGIONS = WORLD.regions.map(([code]) => code),
  SECTORS = WORLD.sectors.map(([code]) => code);
const nameOf = (n) => WORLD.regions[n][1],
  spoken = (n) => PAGE.spoken[n];
const MINUS = "\u2212",
  MOST_MOVES = 12,
  NEGLIGIBLE = 0.005;

const minus = (text) => text.replace("-", /[1-9]/.test(text) ? MINUS : "");
const percent = (v) => minus(`${v.toFixed(Math.abs(v) < 0.995 ? 2 : Math.abs(v) < 9.95 ? 1 : 0)}%`);
const change = (v) => (v > 0 && /[1-9]/.test(percent(v)) ? "+" : "") + percent(v);
const grouped = (v, digits) =>
  minus(
    v.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits }),
  );
const money = (million) =>
  Math.abs(million) < 50
    ? `${minus(million.toFixed(0))} million USD`
    : `${grouped(million / 1000, Math.abs(million) < 100000 ? 1 : 0)} bn USD`;
const billions = (million) => {
  const b = million / 1000,
    size = Math.abs(b);
  return grouped(b, size < 0.995 ? 2 : size < 99.95 ? 1 : 0);
};
const signed = (million) =>
  (million > 0 && /[1-9]/.test(billions(million)) ? "+" : "") + billions(million);
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const joined = (parts) =>
  parts.length < 2
    ? parts.join("")
    : `${parts.slice(0, -1).join(", ")} and ${parts[parts.length - 1]}`;

function gainOrLoss(name, value, worth) {
  const s = name.includes(" and ") ? "" : "s";
  if (Math.abs(value) < NEGLIGIBLE) return `${name} neither gain${s} nor lose${s} as much as 0.01%`;
  return `${name} ${value > 0 ? "gain" : "lose"}${s} ${percent(Math.abs(value))} of real income (${money(Math.abs(worth))} a year)`;
}

/** Build an element; strings become text, never markup. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null)
      element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((one) => one !== null));
  return element;
}
