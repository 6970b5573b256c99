// The controls of moves and assumptions.

let serial = 0;
const option = (value, text, chosen) => make("option", { value, selected: chosen }, text);

//: Lists of boxes that stand open, by move and label.
const unfolded = new Set();

/** A choice of one code or group, and beneath it boxes to put several together. */
function choice(at, label, list, groups, names, pick) {
  const id = `c${++serial}`;
  const current = names.join("\u0001");
  const entries = [option("all", "all", current === "all")];
  if (names.length > 1) entries.unshift(option(current, listed(names, list), true));
  const members = Object.keys(groups).map((code) => {
    const name = groupName(code);
    return option(code, name === code ? code : `${name} (${code})`, current === code);
  });
  const singles = list.map(([code, name]) => option(code, name, current === code));
  if (members.length) entries.push(make("optgroup", { label: "Groups" }, ...members));
  entries.push(make("optgroup", { label: "One by one" }, ...singles));
  const onchange = () => pick(select.value.split("\u0001"));
  const select = make("select", { id, onchange }, ...entries);
  return make(
    "div",
    { class: "field" },
    make("label", { for: id }, label),
    select,
    boxes(`${at} ${label}`, label, list, groups, names, pick),
  );
}

/** One box for every code; what is ticked is called by its group where it is one. */
function boxes(key, label, list, groups, names, pick) {
  const codes = list.map(([code]) => code);
  const chosen = new Set(resolved(names, codes, groups));
  const tick = (place) => {
    if (!chosen.delete(place)) chosen.add(place);
    if (chosen.size)
      pick(
        called(
          [...chosen].sort((a, b) => a - b),
          codes,
          groups,
        ),
      );
    else drawControls();
  };
  const entries = list.map(([, name], place) => {
    const box = make("input", {
      type: "checkbox",
      checked: chosen.has(place),
      onchange: () => tick(place),
    });
    return make("label", {}, box, name);
  });
  const details = make(
    "details",
    {
      class: "several",
      open: unfolded.has(key),
      ontoggle: () => (details.open ? unfolded.add(key) : unfolded.delete(key)),
    },
    make("summary", {}, "several"),
    make("div", { class: "boxes", role: "group", "aria-label": `${label}: several` }, ...entries),
  );
  return details;
}

/** Names for a choice of places: all, a group, or code by code. */
function called(places, codes, groups) {
  if (places.length === codes.length) return ["all"];
  const group = Object.keys(groups).find((name) => groups[name].join() === places.join());
  return group === undefined ? places.map((place) => codes[place]) : [group];
}

function picked(label, options, current, pick) {
  const id = `c${++serial}`;
  const select = make(
    "select",
    { id, onchange: () => pick(select.value) },
    ...Object.entries(options).map(([value, text]) => option(value, text, value === current)),
  );
  return make("div", { class: "field" }, make("label", { for: id }, label), select);
}

/** Sliders of a move: its value, and of a tariff quota its two rates before. */
function sliders(move) {
  const kind = KINDS[move.kind],
    low = move.operator && move.operator !== "add" ? 0 : kind.low;
  const found = Object.entries(kind.rates || {}).map(([field, { title }]) =>
    slider(move, field, title, "%", 0, 100),
  );
  if (kind.units) found.push(slider(move, "value", kind.title, unitOf(move), low, kind.high));
  return found;
}

/** A slider with a number beside it; both say the same. */
function slider(move, field, title, unit, low, most) {
  const id = `c${++serial}`,
    high = Math.max(most, Math.ceil(move[field]));
  const set = (text, other) => {
    const value = parseFloat(text);
    if (!Number.isFinite(value)) return;
    move[field] = complete({ ...move, [field]: value })[field];
    other.value = move[field];
    solve();
  };
  const range = make("input", {
    type: "range",
    id,
    min: low,
    max: high,
    step: 1,
    value: move[field],
    "aria-label": `${title}, ${unit}`,
    oninput: () => set(range.value, exact),
  });
  const exact = make("input", {
    type: "number",
    min: low,
    max: 1000,
    step: "any",
    value: move[field],
    "aria-label": `${title}, ${unit}, exact`,
    inputmode: "decimal",
    oninput: () => set(exact.value, range),
    onchange: () => {
      exact.value = move[field];
    },
  });
  const told = field === "value" ? unit : `${title}, ${unit}`;
  return make("div", { class: "slide" }, range, exact, make("span", { class: "unit" }, told));
}

function card(move, at) {
  const kind = KINDS[move.kind],
    again = (changes) => {
      state.moves[at] = complete({ ...move, value: undefined, ...changes });
      drawControls(at);
      solve();
    };
  const keep = (changes) => again({ value: state.moves[at].value, ...changes });
  const fields = [
    picked(
      "Move",
      Object.fromEntries(Object.entries(KINDS).map(([name, one]) => [name, one.title])),
      move.kind,
      (value) => again({ kind: value }),
    ),
    choice(at, kind.who, WORLD.regions, WORLD.region_groups, move.who, (who) => keep({ who })),
    choice(at, kind.whom, WORLD.regions, WORLD.region_groups, move.whom, (whom) => keep({ whom })),
    choice(at, "In", WORLD.sectors, WORLD.sector_groups, move.what, (what) => keep({ what })),
  ];
  if (kind.operators)
    fields.push(picked("Rate", kind.operators, move.operator, (operator) => keep({ operator })));
  if (kind.quota)
    fields.push(
      picked(
        "Counted",
        { each: "each flow by itself", together: "all together" },
        move.together ? "together" : "each",
        (value) => keep({ together: value === "together" }),
      ),
      picked(
        "Scarcity rent goes to",
        { importer: "the importer", exporter: "the exporter", nobody: "nobody (used up)" },
        move.rent,
        (rent) => keep({ rent }),
      ),
    );
  const remove = make(
    "button",
    {
      type: "button",
      class: "quiet",
      "aria-label": `Remove move ${at + 1}`,
      onclick: () => {
        state.moves.splice(at, 1);
        drawControls();
        $("add").focus();
        solve();
      },
    },
    "Remove",
  );
  return make(
    "fieldset",
    {},
    make("legend", {}, `Move ${at + 1}`),
    make("div", { class: "fields" }, ...fields),
    ...sliders(move),
    remove,
  );
}

function drawControls(focused = null) {
  const active = document.activeElement,
    place =
      active && $("moves").contains(active) && focused !== null
        ? [...$("moves").children[focused].querySelectorAll("select,input,button")].indexOf(active)
        : -1;
  $("moves").replaceChildren(...state.moves.map(card));
  if (place >= 0) {
    const now = $("moves").children[focused].querySelectorAll("select,input,button")[place];
    if (now) now.focus();
  }
  const same = query({ ...state, closure: "fixed", elasticity: "world", horizon: "long" });
  const preset = PAGE.scenarios.find(({ moves }) => query({ ...readQuery(moves) }) === same);
  $("preset").value = preset ? preset.moves : "";
  $("add").disabled = state.moves.length >= MOST_MOVES;
  const years = Object.keys(WORLD.elasticities[state.elasticity].theta)
    .filter((name) => name !== "long")
    .map(Number)
    .sort((a, b) => a - b);
  $("terms").replaceChildren(
    picked(
      "Time to adjust",
      Object.fromEntries(
        [
          ["long", "long run"],
          ...years.map((y) => [String(y), y === 1 ? "1 year" : `${y} years`]),
        ].map(([key, text]) => [` ${key}`, text]),
      ),
      ` ${state.horizon}`,
      (value) => {
        state.horizon = value.trim();
        solve();
      },
    ),
    picked("Elasticities of trade", PAGE.elasticities, state.elasticity, (value) => {
      state.elasticity = value;
      if (!Object.hasOwn(WORLD.elasticities[value].theta, state.horizon)) state.horizon = "long";
      drawControls();
      solve();
    }),
    picked("Imbalances of trade", PAGE.closures, state.closure, (value) => {
      state.closure = value;
      solve();
    }),
  );
  for (const [id, at] of [
    ["buyer", 0],
    ["seller", 1],
  ])
    $(id).value = String(state.pair[at]);
}

function newMove() {
  const last = state.moves[state.moves.length - 1] ||
    PAGE.first[0] || { kind: "tariff", who: [REGIONS[0]], whom: ["all"], what: ["all"] };
  state.moves.push(
    complete({
      kind: "tariff",
      who: last.whom,
      whom: last.who,
      what: last.what,
      operator: "add",
      value: 10,
    }),
  );
  drawControls();
  $("moves").lastElementChild.querySelector("select").focus();
  solve();
}
