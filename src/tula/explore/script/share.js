// Downloads, and the pinned scenario.

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
  keepAddress(address, writeShare);
  $("copied").textContent = "Pinned: change a move to compare.";
}
