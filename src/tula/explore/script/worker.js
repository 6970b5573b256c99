// What the page asks of the engine, and what it does with the answers.

/** Runs in the worker: the world of the page, and answers about it. */
function answers() {
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
  return {
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
}

function hear(data) {
  const { job } = data;
  if (job.what === "open" && data.refused)
    return tell($("trouble"), `This browser cannot open the world: ${data.refused}`);
  if (job.then === "show") show(data);
  if (job.then === "pin") {
    pinned = data.refused ? null : data;
    draw();
  }
  if (job.then === "csv") saveTrade(data);
}

const inLine = startEngine(answers, hear, (fault) =>
  tell($("trouble"), `The engine could not start: ${fault}`),
);

/** Put a question in line: to be shown, pinned or saved. */
function ask(part, then, what = "solve") {
  const setting = {
    moves: part.moves.map(asked),
    closure: part.closure,
    elasticity: part.elasticity,
    horizon: part.horizon,
  };
  inLine({ what, setting, pair: state.pair.slice(), then });
}

function solve() {
  keepAddress(address, writeShare);
  ask(state, "show");
}

function show(data) {
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
