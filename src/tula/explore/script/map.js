// The map: who gains and who loses, in classes.

const mapGroups = [...document.querySelectorAll("#map [data-r]")].map((group) => [
  group,
  Number(group.dataset.r),
]);

function drawMap() {
  const values = found ? found.real.map((_, n) => change100(found, n)) : REGIONS.map(() => NaN);
  const bounds = found
      ? limits(pinned ? values.concat(pinned.real.map((_, n) => change100(pinned, n))) : values)
      : [],
    actors = named();
  for (const [group, n] of mapGroups)
    mark(group, "class", `${level(values[n], bounds)}${actors.includes(n) ? " actor" : ""}`);
  drawKey($("key"), bounds);
}
