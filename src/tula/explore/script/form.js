// The form that begins a study: who stands between whom, and what only its author knows.

const begun = {
  name: "my-study",
  pivot: REGIONS.find((code) => !PAGE.pair.includes(REGIONS.indexOf(code))) || REGIONS[0],
  rivals: PAGE.pair.map((n) => REGIONS[n]),
  decided: {},
};
const CODE = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;

/** What keeps the form from writing files; empty where nothing does. */
function unready() {
  if (!CODE.test(begun.name)) return "A name has letters, digits, - and _, as in brazil-2026.";
  const three = new Set([begun.pivot, ...begun.rivals]);
  return three.size < 3 ? "A pivot and two rivals are three." : "";
}

const region = (label, code, pick) =>
  picked(label, Object.fromEntries(WORLD.regions), code, (value) => {
    pick(value);
    begun.decided = {};
    drawForm();
  });

/** One number of a rival's reach: value, range and reason; untouched it stays the template's. */
function numberRow(id, title, start) {
  const now = { ...start, ...begun.decided[id] };
  const entry = (key, label) =>
    make(
      "td",
      {},
      make("input", {
        value: now[key],
        "aria-label": `${id}: ${label}`,
        class: key,
        oninput: ({ target }) => {
          begun.decided[id] = { ...start, ...begun.decided[id], [key]: target.value.trim() };
          drawFiles();
        },
      }),
    );
  const ranged = start.low !== "";
  return make(
    "tr",
    {},
    make("th", { scope: "row" }, title),
    entry("value", "value"),
    ranged ? entry("low", "low") : make("td", {}),
    ranged ? entry("high", "high") : make("td", {}),
    entry("reason", "why"),
  );
}

function reachTable(rival) {
  const heads = ["", "Value", "Low", "High", "Why"].map((text) =>
    make("th", { scope: "col" }, text),
  );
  const rows = Object.entries(reachOf([rival])).map(([id, start]) =>
    numberRow(id, STUDY.titles[id.slice(rival.length + 1)], start),
  );
  return make(
    "details",
    {},
    make("summary", {}, `What ${spoken(REGIONS.indexOf(rival))} may do`),
    make(
      "div",
      { class: "scroll" },
      make("table", {}, make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...rows)),
    ),
  );
}

function drawFiles() {
  const why = unready();
  $("study-trouble").textContent = why;
  $("study-trouble").hidden = !why;
  $("study-save").disabled = $("study-copy").disabled = Boolean(why);
  $("study-command").textContent = why ? "" : studyCommand(begun);
  $("study-text").textContent = why ? "" : studyFiles(begun)["study.yaml"];
}

function drawForm() {
  const id = "study-name";
  const name = make("input", {
    id,
    value: begun.name,
    oninput: ({ target }) => {
      begun.name = target.value.trim();
      drawFiles();
    },
  });
  $("study-fields").replaceChildren(
    make("div", { class: "field" }, make("label", { for: id }, "Name"), name),
    region("Pivot", begun.pivot, (code) => (begun.pivot = code)),
    region("Rival", begun.rivals[0], (code) => (begun.rivals[0] = code)),
    region("Other rival", begun.rivals[1], (code) => (begun.rivals[1] = code)),
  );
  $("study-reach").replaceChildren(...begun.rivals.map(reachTable));
  drawFiles();
}

$("study-save").addEventListener("click", () => {
  for (const [file, text] of Object.entries(studyFiles(begun))) saveText(file, text, "text/yaml");
});
$("study-copy").addEventListener("click", ({ currentTarget }) =>
  copy(studyCommand(begun), currentTarget),
);
drawForm();
