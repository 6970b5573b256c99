"""Steps of a slider on the explorer's page, in headless Chromium, from a file."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from tula.explore import write_explorer
from tula.world.store import load_world

#: The world of each size, and the steps that are timed after as many that are not.
WORLDS = {"33x25": "icio-2024", "81x50": "icio-2022-full"}
STEPS = 60
#: Moves the slider, waits until the figures stand and returns milliseconds in the worker, in all.
STEP = """async (value) => {
  const slider = document.querySelector("#moves input[type=range]");
  const ready = new Promise((go) => {
    const watch = new MutationObserver(() => {
      if (document.body.dataset.state !== "ready") return;
      watch.disconnect();
      go();
    });
    watch.observe(document.body, { attributeFilter: ["data-state"] });
  });
  const start = performance.now();
  slider.value = value;
  slider.dispatchEvent(new Event("input"));
  await ready;
  const proof = document.getElementById("proof").textContent;
  const read = (pattern) => Number(proof.match(pattern)[1]);
  return [read(/([\\d.]+) ms/), performance.now() - start, read(/(\\d+) evaluation/)];
}"""


def slider(size: str) -> dict[str, Any]:
    """Time one step of a duty of the first region on the second, proof and drawing included."""
    from playwright.sync_api import sync_playwright

    browser = shutil.which("chromium")
    if browser is None:
        return {"why": "no Chromium"}
    name = WORLDS[size]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        path = write_explorer(load_world(name), Path(folder) / "page.html", world=name)
        chromium = play.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = chromium.new_page()
        page.goto(path.as_uri())
        page.wait_for_selector("body[data-state=ready]")
        steps = [page.evaluate(STEP, 1 + at % 97) for at in range(2 * STEPS)][STEPS:]
        chromium.close()
        engine, whole, evaluations = zip(*steps, strict=True)
        return {
            "engine_s": median(engine) / 1e3,
            "least_s": min(whole) / 1e3,
            "step_s": median(whole) / 1e3,
            "worst_s": max(whole) / 1e3,
            "evaluations": median(evaluations),
            "page_bytes": path.stat().st_size,
        }
