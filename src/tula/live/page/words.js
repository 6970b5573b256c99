// Numbers in words, and elements whose names only ever become text.

const $ = (id) => document.getElementById(id);
const MINUS = "\u2212";

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

/** Set a text, or an attribute, only where it changes: what stays costs no layout. */
function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
function mark(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

const tell = (element, text) => {
  put(element, text);
  if (element.hidden !== !text) element.hidden = !text;
};

/** What a certificate says: the largest residual, and where. */
function proofSaid({ worst, tolerance }, regionName, sectorName) {
  const small = (value, digits) => value.toExponential(digits).replace("-", MINUS);
  const place = [
    worst.region >= 0 && regionName(worst.region),
    worst.sector >= 0 && sectorName(worst.sector),
  ]
    .filter(Boolean)
    .join(", ");
  return `Proved on this page: every equation holds to ${small(worst.value, 1)} (worst: ${worst.equation}${place ? `, ${place}` : ""}; tolerance ${small(tolerance, 0)}).`;
}
