// Reads one JSON document {engine, worlds: [{payload, settings}], options} and prints what every setting gives.
const fs = require("fs");
const asked = JSON.parse(fs.readFileSync(0, "utf8"));
const Tula = new Function(`${asked.engine}\nreturn Tula;`)();
(async () => {
  const found = [];
  for (const { payload, settings } of asked.worlds) {
    const world = await Tula.World.open(payload);
    for (const setting of settings) {
      const start = performance.now();
      try {
        const { realIncomeHat, priceHat, wageHat, income, certificate, several } = world.solve(setting, asked.options);
        const { cells, ...proof } = certificate;
        found.push({
          realIncomeHat, priceHat, wageHat, income, several, proof, ms: performance.now() - start,
          trade: setting.trade ? Array.from(cells.atBorder) : null,
        });
      } catch (error) {
        if (!(error instanceof Tula.Refusal)) throw error;
        found.push({ refused: error.message });
      }
    }
  }
  process.stdout.write(JSON.stringify(found));
})();
