// The page's data and the words of its regions.

const PAGE = JSON.parse($("page-data").textContent),
  WORLD = JSON.parse($("world-data").textContent);
const REGIONS = WORLD.regions.map(([code]) => code),
  SECTORS = WORLD.sectors.map(([code]) => code);
const nameOf = (n) => WORLD.regions[n][1],
  spoken = (n) => PAGE.spoken[n];
const MOST_MOVES = 12,
  NEGLIGIBLE = 0.005;

function gainOrLoss(name, value, worth) {
  const s = name.includes(" and ") ? "" : "s";
  if (Math.abs(value) < NEGLIGIBLE) return `${name} neither gain${s} nor lose${s} as much as 0.01%`;
  return `${name} ${value > 0 ? "gain" : "lose"}${s} ${percent(Math.abs(value))} of real income (${money(Math.abs(worth))} a year)`;
}
