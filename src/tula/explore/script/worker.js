// The engine in a worker: questions stand in line, of those to be shown only the newest.

const code = `${$("engine").textContent}\n(${worker})();`;
const engine = new Worker(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
let busy = false,
  waiting = [];

/** Runs in the worker: opens the world, then answers settings one after the other. */
function worker() {
  let world = null;
  const byRegion = (solution) => ({
    real: solution.realIncomeHat,
    ev: solution.ev,
    price: solution.priceHat,
    wage: solution.wageHat,
  });
  const value = (cal, c) =>
    cal.border[c] *
    cal.expenditure[(((c / cal.N) | 0) % cal.N) * cal.S + ((c / (cal.N * cal.N)) | 0)];
  const answers = {
    async open({ payload }) {
      world = await Tula.World.open(payload);
      return {};
    },
    solve({ setting, pair }) {
      const start = performance.now(),
        solution = world.solve(setting),
        { cells, ...proof } = solution.certificate;
      const trade = [];
      for (let s = 0; s < world.S; s++) {
        const c = (s * world.N + pair[0]) * world.N + pair[1];
        trade.push([value(solution.cal, c), cells.atBorder[c]]);
      }
      return {
        ...byRegion(solution),
        trade,
        pair,
        proof,
        several: solution.several,
        ms: performance.now() - start,
      };
    },
    trade({ setting }) {
      const { cal, certificate } = world.solve(setting),
        size = cal.share.length;
      return {
        before: Float64Array.from({ length: size }, (_, c) => value(cal, c)),
        now: certificate.cells.atBorder,
      };
    },
  };
  onmessage = async ({ data }) => {
    try {
      postMessage({ job: data, ...(await answers[data.what](data)) });
    } catch (error) {
      postMessage({
        job: data,
        refused: error.message,
        unproven: !!error.unproven,
        place: error.region === undefined ? null : [error.region, error.sector],
        broken: !(error instanceof Tula.Refusal),
      });
    }
  };
}

engine.onmessage = ({ data }) => {
  busy = false;
  const { job } = data;
  if (job.what === "open" && data.refused)
    return tell($("trouble"), `This browser cannot open the world: ${data.refused}`);
  if (job.then === "show") show(data);
  if (job.then === "pin") {
    pinned = data.refused ? null : data;
    draw();
  }
  if (job.then === "csv") saveTrade(data);
  next();
  document.body.dataset.state = busy ? "busy" : "ready";
};
engine.onerror = (event) => tell($("trouble"), `The engine could not start: ${event.message}`);

function next() {
  if (!busy && waiting.length) {
    busy = true;
    engine.postMessage(waiting.shift());
  }
}

/** Put a question in line; of those that would be shown only the newest is kept. */
function put(part, then, what = "solve") {
  const setting = {
    moves: part.moves.map(asked),
    closure: part.closure,
    elasticity: part.elasticity,
    horizon: part.horizon,
  };
  if (then === "show") waiting = waiting.filter((one) => one.then !== "show");
  waiting.push({ what, setting, pair: state.pair.slice(), then });
  document.body.dataset.state = "busy";
  next();
}

function solve() {
  history.replaceState(null, "", address());
  writeShare();
  put(state, "show");
}

function show(data) {
  if (waiting.some((one) => one.then === "show")) return;
  if (data.refused) {
    found = null;
    const place = data.place
      ? ` (${[nameOf(data.place[0]), data.place[1] >= 0 && WORLD.sectors[data.place[1]][1]].filter(Boolean).join(", ")})`
      : "";
    const full = data.unproven ? ` This needs the full engine: ${command()}` : "";
    tell(
      $("trouble"),
      data.broken
        ? `The page failed: ${data.refused}`
        : `No figures: ${data.refused}${place}.${full}`,
    );
  } else {
    found = data;
    tell(
      $("trouble"),
      data.several
        ? "With elasticities of substitution below one there is more than one equilibrium here; the one shown is reached by lowering them from above."
        : "",
    );
  }
  draw();
}
