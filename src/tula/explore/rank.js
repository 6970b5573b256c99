// Sorts the table of a ranking, finds a region's row from the map, and gives the table away.

const table = document.querySelector("table"),
  body = table.tBodies[0];

/** A cell's number, or its text; what has none stands last, whichever way is asked. */
function keyOf(row, at) {
  const cell = row.cells[at];
  if (at === 0) return cell.textContent;
  return cell.dataset.key === "" ? null : Number(cell.dataset.key);
}

function sort(at, way) {
  const rows = [...body.rows].sort((one, other) => {
    const [a, b] = [keyOf(one, at), keyOf(other, at)];
    if (a === null || b === null) return (a === null) - (b === null);
    return way * (at === 0 ? a.localeCompare(b) : a - b);
  });
  body.replaceChildren(...rows);
  [...table.tHead.rows[0].cells].forEach((head, place) =>
    mark(head, "aria-sort", place !== at ? "none" : way > 0 ? "ascending" : "descending"),
  );
}

[...table.tHead.rows[0].cells].forEach((head, at) =>
  head.querySelector("button").addEventListener("click", () => {
    const now = head.getAttribute("aria-sort");
    sort(at, now === "none" ? (at === 0 ? 1 : -1) : now === "ascending" ? -1 : 1);
  }),
);

for (const group of document.querySelectorAll("#map [data-code]"))
  group.addEventListener("click", () => {
    const row = [...body.rows].find(({ id }) => id === group.dataset.code);
    row.scrollIntoView({ block: "center" });
    row.querySelector("a").focus();
  });

$("csv").addEventListener("click", () => {
  const heads = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
  const rows = [...body.rows].map((row) => [
    row.id,
    ...[...row.cells].map((cell, at) =>
      at === 0 ? cell.textContent : Number(cell.dataset.key || NaN),
    ),
  ]);
  save("rank.csv", [["code", ...heads], ...rows]);
});
