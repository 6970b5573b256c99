// Controls: what stands, what has happened, what the pivot does, when, and what is believed.

/** A number of a belief in so many digits as tell its values apart. */
const level3 = (value) => String(Number(value.toPrecision(3))).replace("-", MINUS);

/** Beliefs in what a switch, cause or course does, in order. */
function beliefsIn(...numbers) {
  const found = [];
  const add = (one) => {
    if (one && typeof one === "object" && one.belief && !found.includes(one.belief))
      found.push(one.belief);
  };
  numbers.forEach(add);
  return found;
}
const inMoves = (moves) =>
  moves.flatMap(({ value, coverage, inside, beyond }) => [value, coverage, inside, beyond]);

/** A round step, a hundredth of a range or a little more. */
function stepOf(range) {
  const power = 10 ** Math.floor(Math.log10(range / 100)),
    digit = [1, 2, 5, 10].find((one) => one * power * 100 >= range * 0.999);
  return Number((digit * power).toPrecision(1));
}

/** A number of a belief, with the points of duty that it is where it scales some. */
function withPoints(belief, value) {
  const points = asked.points?.[belief];
  return points ? `${level3(value)} = ${level3(value * points)} points` : level3(value);
}

function slider(belief) {
  const [median, low, high] = asked.beliefs[belief],
    title = capital(DATA.titles[belief] || belief),
    name = make("span", {});
  const told = make("output", {}),
    back = make(
      "button",
      { type: "button", "aria-label": `${title}: back to the median` },
      "\u21ba",
    );
  const range = make("input", { type: "range", min: low, max: high, step: stepOf(high - low) });
  range.setAttribute("aria-label", title);
  const show = () => {
    const value = Object.hasOwn(state.beliefs, belief) ? state.beliefs[belief] : median;
    if (Number(range.value) !== value) range.value = value;
    const said = withPoints(belief, value);
    mark(range, "aria-valuetext", said);
    put(name, said === level3(value) ? title : `${title}: ${said}`);
    put(told, level3(value));
    back.hidden = !Object.hasOwn(state.beliefs, belief);
  };
  range.addEventListener("input", () => {
    state.beliefs[belief] = Number(Number(range.value).toPrecision(6));
    changed();
  });
  back.addEventListener("click", () => {
    delete state.beliefs[belief];
    changed();
    range.focus();
  });
  shows.push(show);
  const why = DATA.reasons[belief] || "";
  return make("div", { class: "slide", title: why }, name, range, told, back);
}

/** A box with the sliders of its beliefs, which show while it is ticked. */
function box(one, beliefs, isOn, turn) {
  const tick = make("input", { type: "checkbox", disabled: !!one.full });
  const sliders = make("div", { class: "within" }, ...beliefs.map(slider));
  tick.addEventListener("change", () => {
    turn(tick.checked);
    changed();
  });
  shows.push(() => {
    tick.checked = isOn();
    sliders.hidden = !isOn();
  });
  const why = one.full ? make("small", {}, ` (${one.full})`) : null;
  return make("div", {}, make("label", { class: "tick" }, tick, capital(one.title), why), sliders);
}

const shows = [];
const taken = (list, name, on) => {
  const at = list.indexOf(name);
  if (on && at < 0) list.push(name);
  if (!on && at >= 0) list.splice(at, 1);
};

function switchBox(one) {
  const numbers = [
    ...(one.layers.length ? [one.size] : []),
    one.rent_lost,
    ...Object.values(one.carried),
    ...inMoves(one.moves),
  ];
  return box(
    one,
    beliefsIn(...numbers),
    () => state.on.includes(one.id),
    (on) => taken(state.on, one.id, on),
  );
}

/** A cause that happens takes away what it ends. */
function causeBox(one) {
  return box(
    one,
    one.layers.length ? beliefsIn(one.left) : [],
    () => state.happened.includes(one.id),
    (on) => {
      taken(state.happened, one.id, on);
      if (on) for (const name of one.ends) taken(state.on, name, false);
    },
  );
}

function courseField() {
  const select = make("select", { id: "live-course" });
  for (const { id, title, full } of asked.courses)
    select.append(make("option", { value: id, disabled: !!full }, capital(title)));
  select.addEventListener("change", () => {
    Object.assign(state, { course: select.value, offer: false });
    changed();
  });
  const honoured = make("input", { type: "checkbox" }),
    label = make("label", { class: "tick" }, honoured, "What it is done for is honoured");
  honoured.addEventListener("change", () => {
    state.offer = honoured.checked;
    const { lifts } = byId(asked.courses, state.course).offer;
    for (const name of lifts) taken(state.on, name, !state.offer && first.on.includes(name));
    changed();
  });
  const within = asked.courses.map(({ id, moves, offer }) => {
    const numbers = beliefsIn(...inMoves(moves), ...inMoves(offer ? offer.moves : []));
    const sliders = make("div", { class: "within" }, ...numbers.map(slider));
    shows.push(() => {
      sliders.hidden = state.course !== id;
    });
    return sliders;
  });
  shows.push(() => {
    const { offer } = byId(asked.courses, state.course);
    select.value = state.course;
    honoured.checked = state.offer;
    honoured.disabled = !!(offer && offer.full);
    label.hidden = !offer;
  });
  return [select, label, ...within];
}

function monthField() {
  const told = make("output", {}),
    range = make("input", { type: "range", min: 1, max: asked.months.length, step: 1 });
  range.setAttribute("aria-label", "Month");
  range.addEventListener("input", () => {
    state.month = Number(range.value);
    changed();
  });
  shows.push(() => {
    range.value = state.month;
    put(told, String(state.month));
  });
  return make("div", { class: "slide" }, make("span", {}, "Month"), range, told);
}

const group = (legend, ...content) =>
  make("fieldset", {}, make("legend", {}, legend), ...content.filter(Boolean));

function drawControls() {
  const { elasticity: path, commodities, switches, causes } = asked;
  const answer = beliefsIn(
    path.first_year,
    path.long_run,
    path.speed,
    ...commodities.flatMap(({ replace, grades, supply }) => [replace, grades, supply]),
  );
  const form = $("live-controls");
  form.addEventListener("submit", (event) => event.preventDefault());
  const courses = asked.courses.length > 1 ? courseField() : [];
  form.replaceChildren(
    group("What stands", ...switches.map(switchBox)),
    causes.length ? group("What has happened", ...causes.map(causeBox)) : "",
    courses.length ? group(`What ${DATA.home} does`, ...courses) : "",
    group("When", monthField()),
  );
  if (courses.length) courses[0].setAttribute("aria-label", `What ${DATA.home} does`);
  const shown = new Set([...form.querySelectorAll(".slide input")].map((one) => one.ariaLabel));
  const title = (belief) => capital(DATA.titles[belief] || belief);
  const odds = DATA.plane ? DATA.plane.beliefs : [];
  const alone = odds.filter((name) => !answer.includes(name) && !shown.has(title(name)));
  if (alone.length)
    form.append(group("What moves the odds alone", ...alone.map(slider)));
  const fold = make(
    "details",
    {},
    make("summary", {}, "How the world answers"),
    ...answer.map(slider),
  );
  form.append(fold);
  form.hidden = false;
}
