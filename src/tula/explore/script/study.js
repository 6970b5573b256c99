// The files of a study for any pivot and two rivals: the templates of `tula new`, given the table.

const STUDY = PAGE.study;
const yes = (value) => (Array.isArray(value) ? value.length > 0 : Boolean(value));
const either = (one, other) => (yes(one) ? one : other);
const each = (list, kept, body) =>
  (kept ? list.filter(kept) : list)
    .map((one, n, all) => body(one, { first: n === 0, last: n === all.length - 1 }))
    .join("");

/** As in the library; numbers come from the table as they are written. */
const FILTERS = {
  named: (name) => STUDY.named[STUDY.names.indexOf(name)],
  head: (text) => text.charAt(0).toUpperCase() + text.slice(1),
  lower: (text) => text.toLowerCase(),
  join: (list, between) => list.join(between),
  map: (list) => list.map(([first]) => first),
  figure: (text) => text,
  level: (text) => text,
  quoted: (text) => JSON.stringify(text),
  scalar: (text) =>
    /^(?!(null|true|false|yes|no|on|off|y|n)$)[a-z]/i.test(text) ? text : JSON.stringify(text),
};

const cell = (table, p, r) => table[p].split(" ")[r];
const pairOf = (table, pivot, rival, none) => (table[pivot] && table[pivot][rival]) || none;

/** A rival as the table has it, seen from the pivot. */
function sideOf(pivot, rival) {
  const [p, r] = [pivot, rival].map((code) => REGIONS.indexOf(code));
  const services = cell(STUDY.services, p, r),
    inputs = cell(STUDY.inputs, p, r);
  const [before, after, moved] = pairOf(STUDY.moved, pivot, rival, ["", "", []]);
  return {
    rival,
    name: STUDY.names[r],
    sold: cell(STUDY.sold, p, r),
    bought: cell(STUDY.sold, r, p),
    services: services.replace("*", ""),
    sells_services: services.endsWith("*"),
    inputs:
      inputs === "-"
        ? []
        : inputs.split(",").map((one) => {
            const [sector, part] = one.split(":");
            return [SECTORS[Number(sector)], part];
          }),
    duties: [before, after],
    moved,
    layers: pairOf(STUDY.layers, pivot, rival, []),
  };
}

/** Ids of what only the author knows of both rivals, each with what it begins with. */
const reachOf = (rivals) =>
  Object.fromEntries(
    rivals.flatMap((rival) =>
      Object.entries(STUDY.reach).map(([name, [value, low, high]]) => [
        `${rival.toLowerCase()}-${name}`,
        { value, low, high, reason: "" },
      ]),
    ),
  );

/** The files by name; `decided` replaces numbers of the rivals' reach. */
function studyFiles({ name, pivot, rivals, decided = {} }) {
  const sides = rivals.map((rival) => sideOf(pivot, rival));
  const given = {
    name,
    world: PAGE.world,
    day: STUDY.day,
    pivot,
    home: STUDY.named[REGIONS.indexOf(pivot)],
    pairs: [sides, [sides[1], sides[0]]],
    day_known: STUDY.known,
    moved: sides.some((one) => one.moved.length > 0),
    crude:
      SECTORS.includes("OIL") && sides.some((one) => one.inputs.some(([code]) => code === "OIL")),
    sector_names: STUDY.sectors,
    first: STUDY.first,
    TEMPLATE: STUDY.template,
    asked: { ...reachOf(rivals), ...decided },
  };
  return Object.fromEntries(Object.entries(FILES).map(([file, text]) => [file, text(given)]));
}

/** The command that writes the same files. */
function studyCommand({ name, pivot, rivals, decided = {} }) {
  const plain = (text) =>
    /^[\w.,:+%/=@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
  const beliefs = Object.entries(decided).map(
    ([id, one]) =>
      ` --belief ${plain(`${id}=${[one.value, one.low, one.high, one.reason].join(":")}`)}`,
  );
  const asked = `tula new ${plain(name)} --pivot ${pivot} --rivals ${rivals.join(",")}`;
  return `${asked} --world ${plain(PAGE.world)} --on ${STUDY.day}${beliefs.join("")}`;
}
