// What stands: the state that every figure of this part follows, and the address that holds it.

const DATA = JSON.parse($("live-data").textContent),
  { asked, first } = DATA;
const byId = (list, id) => list.find((one) => one.id === id);
const beginning = () => ({
  course: first.course,
  offer: false,
  on: first.on.slice(),
  happened: [],
  month: 1,
  beliefs: {},
});
let state = beginning();

const sameList = (a, b) => a.slice().sort().join("\n") === b.slice().sort().join("\n");
const moved = () => query() !== "";

/** All that differs from what stands, as fields of an address. */
function query() {
  const list = (names) => names.map(encodeURIComponent).join(",");
  const fields = [];
  if (state.month !== 1) fields.push(`month=${state.month}`);
  if (state.course !== first.course) fields.push(`course=${encodeURIComponent(state.course)}`);
  if (state.offer) fields.push("offer=kept");
  if (!sameList(state.on, first.on)) fields.push(`on=${list(state.on)}`);
  if (state.happened.length) fields.push(`happened=${list(state.happened)}`);
  for (const [name, value] of Object.entries(state.beliefs))
    fields.push(`b.${encodeURIComponent(name)}=${value}`);
  return fields.join("&");
}

const HEAD = "#live?";
const address = () => (moved() ? HEAD + query() : location.pathname + location.search);

/** Read an address back; what names nothing of this study is left out and counted. */
function read(text) {
  const found = beginning();
  let lost = 0;
  const known = (list, names) => names.filter((name) => byId(list, name) || (lost++, false));
  for (const field of text.split("&").filter(Boolean)) {
    try {
      const at = field.indexOf("="),
        key = decodeURIComponent(field.slice(0, at)),
        value = field.slice(at + 1),
        names = value.split(",").filter(Boolean).map(decodeURIComponent);
      const number = Number(value),
        belief = key.startsWith("b.") ? key.slice(2) : "";
      if (key === "month" && asked.months[number - 1] !== undefined) found.month = number;
      else if (key === "course" && byId(asked.courses, names[0])) found.course = names[0];
      else if (key === "offer") found.offer = true;
      else if (key === "on") found.on = known(asked.switches, names);
      else if (key === "happened") found.happened = known(asked.causes, names);
      else if (belief && Object.hasOwn(asked.beliefs, belief) && value && Number.isFinite(number))
        found.beliefs[belief] = within(belief, number);
      else lost++;
    } catch (error) {
      if (!(error instanceof URIError)) throw error;
      lost++;
    }
  }
  if (!byId(asked.courses, found.course).offer) found.offer = false;
  return { found, lost };
}

function within(belief, value) {
  const [, low, high] = asked.beliefs[belief];
  return Math.min(Math.max(value, low), high);
}
