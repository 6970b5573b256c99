// Reads one JSON document {engine, worlds: [{payload, settings} or {question, states}], options} and prints what each gives.
const fs = require("fs");
const asked = JSON.parse(fs.readFileSync(0, "utf8"));
const Tula = new Function(`${asked.engine}\nreturn Tula;`)();
const found = [];

function note(answer) {
  const start = performance.now();
  try {
    const told = answer();
    found.push({ ...told, ms: performance.now() - start });
  } catch (error) {
    if (!(error instanceof Tula.Refusal)) throw error;
    found.push({ refused: error.message });
  }
}

async function settings({ payload, settings }) {
  const world = await Tula.World.open(payload);
  for (const setting of settings)
    note(() => {
      const { realIncomeHat, priceHat, wageHat, income, certificate, several } = world.solve(
        setting,
        asked.options,
      );
      const { cells, ...proof } = certificate;
      const trade = setting.trade ? Array.from(cells.atBorder) : null;
      return { realIncomeHat, priceHat, wageHat, income, several, proof, trade };
    });
}

async function states({ question, states }) {
  const asked = await Tula.Question.open(question);
  for (const state of states)
    note(() => {
      const { ev, real, ...told } = asked.solve(state);
      return { ev: Array.from(ev), real: Array.from(real), ...told };
    });
}

(async () => {
  for (const one of asked.worlds) await (one.question ? states(one) : settings(one));
  process.stdout.write(JSON.stringify(found));
})();
