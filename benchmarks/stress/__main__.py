"""``make stress``: random search for what breaks, its counts written to docs/stress.md."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping

from benchmarks.stress import engine, files, tables, words
from benchmarks.worlds import ROOT

#: What is tried: its name in the page, the search, how many cases of each seed.
TRIED: tuple[tuple[str, Callable[[int, int], Mapping[str, int]], int], ...] = (
    ("Random economies under random policies", engine.economies, 5_000),
    ("Random policies on the embedded world", engine.policies, 10_000),
    ("Study files with lines spoilt", files.run, 400),
    ("Tables with cells spoilt", tables.run, 400),
    ("What-ifs and other words of the command line", words.run, 8_000),
)
HEAD = """# What was tried, and what held

Random search, from a seed, for inputs that break the engine or its readers. `make stress` runs it
and writes this page; any word but the ones below fails it.

* **Economies**: one to four regions, elasticities of trade from 0.1 to 60, duties from -90 to
  5,000%, nearly closed borders, missing flows and home sales, costs, embargoes, productivity,
  labour, transfers, all three closures. Each solution is recounted from the table and its wages by
  equations written a second time (`benchmarks/stress/recount.py`), every quantity to 1e-8 (in
  nearly closed economies to 1e-10 of output over the part that is traded). A second solver, a root
  search over wages, looks for the same equilibrium, and for one where the engine refuses.
* **Policies**: on 33 regions by 25 sectors, from a few cells to nearly all, three in ten of them
  with duties up to 5,000%; no subsidies, which soon leave a region nothing to spend. One in five is
  recounted, the others stand by their certificates. What is refused leaves a region with a fixed
  surplus, mostly Singapore, less than it owes.
* **Files, tables, words**: every one is read, or refused in a short, printable message; anything
  else is a crash or wrongly told.
"""
#: Beginnings of words that say something is wrong.
BROKEN = ("wrong", "missed", "crashed")


def main() -> int:
    """Run every search, print and write the counts; return 1 where something broke."""
    parser = argparse.ArgumentParser(prog="make stress", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--part", type=float, default=1.0, help="part of the cases to run")
    parser.add_argument("--write", action="store_true", help="write docs/stress.md")
    asked = parser.parse_args()
    page, broken = [HEAD], 0
    for name, search, count in TRIED:
        begun, cases = time.monotonic(), max(1, round(asked.part * count))
        found = search(asked.seed, cases)
        minutes = (time.monotonic() - begun) / 60
        print(f"{name}: {cases:,} in {minutes:.1f} minutes: {dict(found)}", flush=True)
        broken += sum(times for word, times in found.items() if word.startswith(BROKEN))
        page += [f"## {name}: {cases:,}\n", "| what came of them | cases |\n|---|---:|"]
        page += [f"| {word} | {times:,} |" for word, times in sorted(found.items())]
        page.append("")
    page.append(f"Seed {asked.seed}.\n")
    if asked.write:
        (ROOT / "docs" / "stress.md").write_text("\n".join(page), encoding="utf-8")
    return int(broken > 0)


if __name__ == "__main__":
    raise SystemExit(main())
