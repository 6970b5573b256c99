// What the page shows is decided by `state`; the address holds all of it.

const state = {
  moves: [],
  closure: "fixed",
  elasticity: "world",
  horizon: "long",
  pair: PAGE.pair,
  pin: null,
};
let found = null,
  pinned = null,
  showAll = false;

/** Everything that decides the numbers, as a query. */
function query(part) {
  const fields = part.moves.map((move) => `${move.kind}=${moveText(move, encodeURIComponent)}`);
  if (part.closure !== "fixed") fields.push(`closure=${part.closure}`);
  if (part.elasticity !== "world") fields.push(`elasticity=${encodeURIComponent(part.elasticity)}`);
  if (part.horizon !== "long") fields.push(`horizon=${part.horizon}`);
  return fields.join("&");
}

function address() {
  const fields = [
    query(state),
    `pair=${state.pair.map((n) => encodeURIComponent(REGIONS[n])).join(":")}`,
  ];
  if (state.pin !== null) fields.push(`pin=${encodeURIComponent(state.pin)}`);
  return "#" + fields.filter(Boolean).join("&");
}

/** Read a query into moves and choices, leaving out what this world does not have. */
function readQuery(text) {
  const read = {
    moves: [],
    closure: "fixed",
    elasticity: "world",
    horizon: "long",
    pair: null,
    pin: null,
    focus: null,
    lost: 0,
  };
  for (const field of text.split("&").filter(Boolean)) {
    const at = field.indexOf("="),
      key = field.slice(0, at),
      value = field.slice(at + 1);
    try {
      if (KINDS[key]) {
        const move = readMove(key, value);
        if (move && read.moves.length < MOST_MOVES) read.moves.push(move);
        else read.lost++;
      } else if (key === "closure" && Object.hasOwn(PAGE.closures, value)) read.closure = value;
      else if (key === "elasticity" && Object.hasOwn(WORLD.elasticities, decodeURIComponent(value)))
        read.elasticity = decodeURIComponent(value);
      else if (key === "horizon") read.horizon = value;
      else if (key === "pair")
        read.pair = value.split(":").map((one) => REGIONS.indexOf(decodeURIComponent(one)));
      else if (key === "focus") read.focus = REGIONS.indexOf(decodeURIComponent(value));
      else if (key === "pin") read.pin = decodeURIComponent(value);
      else read.lost++;
    } catch (error) {
      if (!(error instanceof URIError)) throw error;
      read.lost++;
    }
  }
  if (read.focus === -1) {
    read.focus = null;
    read.lost++;
  }
  if (!Object.hasOwn(WORLD.elasticities[read.elasticity].theta, read.horizon))
    read.horizon = "long";
  if (!read.pair || read.pair.length !== 2 || read.pair.includes(-1)) read.pair = null;
  return read;
}

/** The first question about a region: what a page begins with, put to it. */
function about(n) {
  const [move] = PAGE.first,
    who = PAGE.pair[0] === n ? PAGE.pair[1] : PAGE.pair[0];
  return {
    moves: [complete({ ...move, who: [REGIONS[who]], whom: [REGIONS[n]] })],
    pair: [who, n],
  };
}

function restore() {
  const text = location.hash.slice(1),
    read = readQuery(text);
  const first = !text;
  if (read.focus !== null) Object.assign(read, about(read.focus));
  Object.assign(state, {
    moves: first ? PAGE.first.map(complete) : read.moves,
    closure: read.closure,
    elasticity: read.elasticity,
    horizon: read.horizon,
    pair: read.pair || PAGE.pair,
    pin: read.pin,
  });
  pinned = null;
  tell(
    $("lost"),
    read.lost ? `Part of the address names nothing in this world and was left out.` : "",
  );
  drawControls();
  if (state.pin !== null) ask(readQuery(state.pin), "pin");
  solve();
}
