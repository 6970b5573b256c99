// The engine starts when somebody comes near, and what is asked first is what stands.

/** Runs in the worker: the question of the study, and states put to it. */
function answers() {
  let question = null;
  return {
    async open({ content }) {
      question = await Tula.Question.open(content);
      return {};
    },
    solve: ({ state }) => question.solve(state),
  };
}

function hear(data) {
  if (data.job.what === "open") return data.refused && fail(data.refused);
  if (data.refused) {
    found = null;
    tell(
      $("live-trouble"),
      data.broken
        ? `The page failed: ${data.refused}`
        : `No figures: ${data.refused}. This needs the full engine: ${command()}`,
    );
  } else {
    found = data;
    if (data.job.then === "stands") standing = data;
    tell($("live-trouble"), "");
  }
  if (data.job.then === "show" || !moved()) draw();
}

const fail = (fault) => tell($("live-trouble"), `This browser cannot solve the world: ${fault}`);

let inLine = null;
function begin() {
  if (inLine) return;
  inLine = startEngine(answers, hear, fail);
  const { world, duties } = DATA;
  inLine({ what: "open", content: { world, asked, duties, first } });
  inLine({ what: "solve", state: beginning(), then: "stands" });
}

function changed() {
  begin();
  shows.forEach((show) => show());
  keepAddress(address);
  put($("live-odds"), oddsSaid());
  inLine({ what: "solve", state: structuredClone(state), then: "show" });
}

function restore() {
  if (!location.hash.startsWith(HEAD)) return false;
  const { found: there, lost } = read(location.hash.slice(HEAD.length));
  state = there;
  changed();
  tell(
    $("live-lost"),
    lost ? "Part of the address names nothing in this study and was left out." : "",
  );
  $("live").scrollIntoView();
  return true;
}

drawControls();
cloneMap();
makeTrade();
$("live-take").hidden = false;
shows.forEach((show) => show());
$("live-reset").addEventListener("click", () => {
  state = beginning();
  changed();
});
const taking = (id, text) =>
  $(id).addEventListener("click", ({ currentTarget }) => copy(text(), currentTarget));
taking("live-link", () => location.href.split("#")[0] + (moved() ? HEAD + query() : "#live"));
taking("live-command", command);
taking("live-python", python);
addEventListener("hashchange", restore);
if (!restore())
  new IntersectionObserver((seen, watch) => {
    if (!seen.some((one) => one.isIntersecting)) return;
    watch.disconnect();
    begin();
  }).observe($("live"));
