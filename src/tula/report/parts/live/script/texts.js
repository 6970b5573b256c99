// The command and the Python lines that give what is shown.

const quoted = (text) =>
  /^[\w.,:+%/=@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** What the run set in place of the study's, as options. */
const settings = () =>
  DATA.settings.map((one) =>
    one.startsWith("override ") ? `--override ${quoted(one.slice(9))}` : `--set ${quoted(one)}`,
  );

function command() {
  const parts = [`tula stand ${quoted(DATA.study)}`];
  if (!sameList(state.on, first.on)) parts.push(`--on ${quoted(state.on.join(",")) || "''"}`);
  if (state.happened.length) parts.push(`--happened ${quoted(state.happened.join(","))}`);
  if (state.course !== first.course) parts.push(`--course ${quoted(state.course)}`);
  if (state.offer) parts.push("--offer");
  if (state.month !== 1) parts.push(`--month ${state.month}`);
  for (const [name, value] of Object.entries(state.beliefs))
    parts.push(`--belief ${quoted(`${name}=${value}`)}`);
  return [...parts, ...settings()].join(" ");
}

function python() {
  const list = (names) => `[${names.map((one) => JSON.stringify(one)).join(", ")}]`;
  const fields = [];
  if (!sameList(state.on, first.on)) fields.push(`on=${list(state.on)}`);
  if (state.happened.length) fields.push(`happened=${list(state.happened)}`);
  if (state.course !== first.course) fields.push(`course=${JSON.stringify(state.course)}`);
  if (state.offer) fields.push("offer=True");
  if (state.month !== 1) fields.push(`month=${state.month}`);
  const beliefs = Object.entries(state.beliefs).map(
    ([name, value]) => `${JSON.stringify(name)}: ${value}`,
  );
  if (beliefs.length) fields.push(`beliefs={${beliefs.join(", ")}}`);
  const named = DATA.settings.filter((one) => one.startsWith("override ")),
    set = DATA.settings.filter((one) => !named.includes(one));
  const study = [JSON.stringify(DATA.study)];
  if (DATA.settings.length)
    study.push(
      `Settings(read_overrides(${list(set)}), tuple(${list(named.map((one) => one.slice(9)))}))`,
    );
  return [
    ...(DATA.settings.length ? ["from tula.file.overrides import Settings, read_overrides"] : []),
    "from tula.strategy.answer.stand import Asked",
    "from tula.study.asked import stand_of",
    "from tula.study.load import load_study",
    "",
    `found = stand_of(load_study(${study.join(", ")}), Asked(${fields.join(", ")}))`,
    "print(found.kept, found.income)",
    "",
  ].join("\n");
}
