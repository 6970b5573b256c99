// The engine in a worker: questions stand in line, of those to be shown only the newest.

/** Runs in the worker: answers one question after the other, by its `what`. */
function answering(answers) {
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

/** Start the engine with a function that makes its answers; `hear` takes each, `fail` a fault.

    Returns what puts a question in line. Of those that would be shown the newest alone is kept,
    and an answer that a newer one will replace is not heard. */
function startEngine(answers, hear, fail) {
  const code = `${$("engine").textContent}\n(${answering})((${answers})());`;
  const engine = new Worker(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
  const shown = ({ then }) => then === "show";
  let busy = false,
    waiting = [];
  const next = () => {
    busy = waiting.length > 0;
    if (busy) engine.postMessage(waiting.shift());
    const now = busy ? "busy" : "ready";
    if (document.body.dataset.state !== now) document.body.dataset.state = now;
  };
  engine.onmessage = ({ data }) => {
    if (!(shown(data.job) && waiting.some(shown))) hear(data);
    next();
  };
  engine.onerror = (event) => fail(event.message);
  return (job) => {
    if (shown(job)) waiting = waiting.filter((one) => !shown(one));
    waiting.push(job);
    if (!busy) next();
  };
}
