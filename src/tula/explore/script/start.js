// Wiring, and the first question.

const tip = $("tip");
function pointAt(event) {
  const group = event.target.closest && event.target.closest("[data-r]");
  if (!group || !found) {
    tip.hidden = true;
    return;
  }
  const n = Number(group.dataset.r);
  tip.textContent = `${nameOf(n)}: ${change(change100(found, n))}, ${signed(found.ev[n])} bn USD a year`;
  tip.hidden = false;
  tip.style.left = `${Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8)}px`;
  tip.style.top = `${Math.max(8, event.clientY - tip.offsetHeight - 12)}px`;
}
const pairTo = (at, n) => {
  state.pair[at] = n;
  for (const [id, place] of [
    ["buyer", 0],
    ["seller", 1],
  ])
    $(id).value = String(state.pair[place]);
  solve();
};
$("map").addEventListener("pointermove", pointAt);
$("map").addEventListener("pointerleave", () => {
  tip.hidden = true;
});
$("map").addEventListener("click", (event) => {
  const group = event.target.closest("[data-r]");
  if (group) {
    pointAt(event);
    pairTo(0, Number(group.dataset.r));
  }
});
for (const [id, at] of [
  ["buyer", 0],
  ["seller", 1],
]) {
  $(id).replaceChildren(...WORLD.regions.map(([, name], n) => option(String(n), name, false)));
  $(id).addEventListener("change", () => pairTo(at, Number($(id).value)));
}
$("swap").addEventListener("click", () => {
  state.pair.reverse();
  pairTo(0, state.pair[0]);
});
for (const { title, moves } of PAGE.scenarios)
  $("preset").append(make("option", { value: moves }, title));
$("presets").hidden = !PAGE.scenarios.length;
$("preset").addEventListener("change", ({ currentTarget: { value } }) => {
  state.moves = readQuery(value).moves;
  drawControls();
  solve();
});
$("add").addEventListener("click", newMove);
$("reset").addEventListener("click", () => {
  history.replaceState(null, "", "#");
  restore();
});
$("all-regions").addEventListener("click", () => {
  showAll = !showAll;
  drawRegions();
});
$("pin").addEventListener("click", pin);
$("unpin").addEventListener("click", () => {
  state.pin = null;
  pinned = null;
  draw();
  keepAddress(address, writeShare);
});
$("copy-link").addEventListener("click", ({ currentTarget }) =>
  copy(location.href.split("#")[0] + address(), currentTarget),
);
for (const [id, text] of [
  ["copy-command", command],
  ["copy-python", python],
  ["copy-citation", citation],
])
  $(id).addEventListener("click", ({ currentTarget }) => copy(text(), currentTarget));
$("csv-regions").addEventListener("click", saveRegions);
$("csv-trade").addEventListener("click", () => ask(state, "csv", "trade"));
addEventListener("hashchange", restore);

inLine({ what: "open", payload: WORLD });
restore();
