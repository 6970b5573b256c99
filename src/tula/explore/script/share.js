// Copies, downloads and the pinned scenario.

async function copy(text, button) {
  let done = true;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = make("textarea", { class: "offstage", readonly: true }, text);
    document.body.append(area);
    area.select();
    done = document.execCommand("copy");
    area.remove();
  }
  $("copied").textContent = done
    ? `${button.dataset.name} copied.`
    : "The browser does not let this page copy: select the text instead.";
}

/** A field of a table: quoted, and never a formula where a spreadsheet opens it. */
const field = (value) =>
  typeof value === "number"
    ? Number.isFinite(value)
      ? String(value)
      : ""
    : `"${(/^[=+\-@\t\r]/.test(value) ? "'" : "") + value.replaceAll('"', '""')}"`;

function save(name, rows) {
  const text = rows.map((row) => row.map(field).join(",")).join("\r\n") + "\r\n";
  const link = make("a", {
    href: URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv" })),
    download: name,
  });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function saveRegions() {
  if (!found) return;
  const rows = [
    [
      "code",
      "region",
      "real income change, % of base final spending",
      "equivalent variation, million USD a year",
      "final prices change, %",
      "wages change, %",
    ],
  ];
  found.real.forEach((_, n) =>
    rows.push([
      REGIONS[n],
      nameOf(n),
      change100(found, n),
      found.ev[n],
      100 * (found.price[n] - 1),
      100 * (found.wage[n] - 1),
    ]),
  );
  rows.push([], [citation()]);
  save("regions.csv", rows);
}

function saveTrade(data) {
  if (data.refused) return;
  const N = REGIONS.length,
    rows = [
      [
        "importer",
        "exporter",
        "sector",
        "base purchases before import duty, million USD a year",
        "new purchases before import duty, million USD a year",
      ],
    ];
  data.before.forEach((before, c) => {
    const n = Math.floor(c / N) % N,
      i = c % N;
    if (before > 0 && n !== i)
      rows.push([REGIONS[n], REGIONS[i], SECTORS[Math.floor(c / (N * N))], before, data.now[c]]);
  });
  rows.push([], [citation()]);
  save("trade.csv", rows);
}

function pin() {
  state.pin = query(state);
  pinned = found;
  draw();
  history.replaceState(null, "", address());
  $("copied").textContent = "Pinned: change a move to compare.";
}
