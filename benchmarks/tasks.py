"""One task in a process of its own: ``python -m benchmarks.tasks TASK`` prints JSON.

``all-cores`` after the task frees the process from its one core.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

from benchmarks import machine

if "all-cores" in sys.argv:
    machine.free_all_cores()
else:
    machine.pin_to_one_core()

from benchmarks import batches, choices, options, worlds

TASKS: dict[str, Callable[[], Any]] = {
    "gradient": lambda: choices.slopes(worlds.embedded()),
    "gradient-large": lambda: choices.slopes(worlds.large()),
    "options": lambda: options.options(worlds.embedded()),
    "optima": choices.optima,
    "war": lambda: choices.war(worlds.embedded()),
    "batch": lambda: batches.batch(worlds.embedded()),
}


if __name__ == "__main__":
    print(json.dumps(TASKS[sys.argv[1]]()))
