// Odds, read off a table computed before; outside it the full engine is named.

/** Between values of a table along one axis: position and part of the way to the next. */
function between(values, at) {
  if (at < values[0] || at > values[values.length - 1]) return null;
  let n = 0;
  while (n < values.length - 2 && at > values[n + 1]) n++;
  return [n, (at - values[n]) / (values[n + 1] - values[n])];
}

const line = (table, [n, part]) => table[n] * (1 - part) + table[n + 1] * part;

/** Odds where one or both beliefs of the table are known; null outside it. */
function oddsKnown() {
  const { beliefs, values, odds, alone } = DATA.plane;
  const places = beliefs.map((name, axis) =>
    Object.hasOwn(state.beliefs, name) ? between(values[axis], state.beliefs[name]) : undefined,
  );
  if (places.includes(null)) return null;
  const [row, column] = places;
  if (row && column)
    return line(
      odds.map((one) => line(one, column)),
      row,
    );
  return row ? line(alone[0], row) : line(alone[1], column);
}

/** The state with the odds' own beliefs as they were: whether anything else is moved. */
function elseMoved() {
  const own = DATA.plane ? DATA.plane.beliefs : [];
  const others = Object.keys(state.beliefs).filter((name) => !own.includes(name));
  const { course, on, happened, month, offer } = state;
  return (
    others.length > 0 ||
    course !== first.course ||
    offer ||
    happened.length > 0 ||
    month !== 1 ||
    !sameList(on, first.on)
  );
}

/** Odds where one cause happens in the month shown and nothing else is moved; null elsewhere. */
function datedOdds() {
  const [one, ...more] = state.happened,
    known = DATA.dated[one];
  if (!known || more.length || Object.keys(state.beliefs).length || state.course !== first.course)
    return null;
  const odds = known[state.month - 2];
  return odds === undefined ? null : odds;
}

const inHundred = (odds) => `${Math.round(100 * odds)} in 100`;

/** The run that gives the odds with some beliefs set. */
const run = () =>
  [
    `tula run ${quoted(DATA.study)}`,
    ...settings(),
    ...Object.entries(state.beliefs).map(([name, value]) => `--set ${quoted(`${name}=${value}`)}`),
  ].join(" ");

function oddsSaid() {
  const { all, error, label } = DATA.odds,
    known = Object.keys(state.beliefs).length > 0;
  if (!moved()) return `Odds that the balance holds: ${inHundred(all)} (${label}).`;
  const dated = datedOdds();
  if (dated !== null)
    return `Odds that the balance holds over the months, were it known that this happens in month ${state.month}: ${inHundred(dated)}; ${inHundred(all)} as believed.`;
  const { title } = byId(asked.courses, first.course),
    weighed = `The odds weigh all that may stand, month by month, under one course (${title})`;
  if (!known) return `${weighed}: they stay ${inHundred(all)} (${label}).`;
  if (elseMoved())
    return `${weighed}: ${inHundred(all)} as believed. What the beliefs moved make of them needs the full engine: ${run()}`;
  const odds = oddsKnown();
  if (odds === null) return `Beyond the table of odds: this needs the full engine, ${run()}`;
  const apart = Math.max(1, Math.round(100 * DATA.plane.error));
  return `Odds that the balance holds, were this known: ${inHundred(odds)}, within ${apart} where read off between solved points; ${inHundred(all)} as believed, with a standard error of ${Math.round(100 * error)}.`;
}
