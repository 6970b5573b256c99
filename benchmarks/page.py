"""From the results of a run to the benchmark page and the README's figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

Found = dict[str, Any]
Rows = Sequence[Sequence[str]]

SIZES = ("33x25", "81x50", "400x65")
#: What the README's figures stand between.
MARKS = ("<!-- speed, written by make bench -->\n", "<!-- end of speed -->")
#: Scenarios that must stream, and the memory they may take.
MANY, ROOM = 1e6, 2e9


def time(value: float) -> str:
    """Seconds, or milliseconds below a tenth of one."""
    return f"{value:.3g} s" if value >= 0.1 else f"{1e3 * value:.3g} ms"


def size(value: float) -> str:
    """Bytes in the largest decimal unit that leaves a number above one."""
    for unit, least in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if value >= least:
            return f"{value / least:.1f} {unit}"
    return f"{value:.0f} B"


def table(heads: Sequence[str], rows: Rows) -> str:
    """Markdown of a table, numbers to the right."""
    lines = ["| " + " | ".join(heads) + " |", "|---" + "|---:" * (len(heads) - 1) + "|"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def told(found: Found, read: Callable[[Found], str]) -> str:
    """What was read of a result, or why there is none."""
    return found["why"] if "why" in found else read(found)


def floor_of(found: Found, where: str) -> float:
    """Least time of a solve: all that its evaluations read, at the fastest this core reads it."""
    return float(found[f"floor {where}"]["read_s"] * _solve(found, where)["evaluations"])


def _solve(found: Found, where: str) -> Found:
    result: Found = found["nested nafta" if where == "nafta" else f"solve {where}"]
    return result


def goals(found: Found) -> str:
    """Each goal, what was measured, and what that is beside the previous engine."""
    one, before = found["solve 33x25"], found["previous solve 33x25"]
    many, large = found["batch 33x25 1000 numpy"], found["previous solve 81x50"]
    streamed = found["stream 500 2500"]
    growth = (streamed["many_bytes"] - streamed["few_bytes"]) / streamed["more"]
    memory = streamed["many_bytes"] + growth * MANY
    maps = found["maps"]["after"] - found["maps"]["before"]
    previous_batch = found["previous batch 33x25 200"]
    above = one["solve_s"] / floor_of(found, "33x25")
    rows = [
        _goal("one solve, 33 x 25", one, "solve_s", 1.5e-3, before),
        ("the same over the floor", f"{above:.0f} times", "2", _met(above <= 2.0), ""),
        _goal("one solve, 81 x 50", found["solve 81x50"], "solve_s", 10e-3, large),
        _goal("one solve, 400 x 65", found["solve 400x65"], "solve_s", 0.3, {}),
        (
            "scenarios a second, one core, 33 x 25", f"{1.0 / many['each_s']:.0f}", "800",
            _met(1.0 / many["each_s"] >= 800.0), _ratio(many, previous_batch, "each_s"),
        ),
        *(_gradient(found, where) for where in SIZES[:2]),
        _goal("first answer of a fresh process", found["commands"], "first answer", 0.6, {}),
        _goal("`tula solve`, whole command", found["commands"], "tula solve", 0.6, {}),
        _goal("273 scenarios of the India study", found["scenarios"], "scenarios_s", 2.0, {}),
        _goal("tariff war of 33 regions, with proof", found["war uniform"], "again_s", 3.0, {}),
        _goal("war over cells, 7 x 198 duties", found["war cell"], "again_s", 15.0, {}),
        _goal("India study, 64 draws, by the clock", found["study"], "clock_s", 20.0, {}),
        ("memory maps gained by 200 sizes of world", str(maps), "none", _met(maps < 20), ""),
        ("memory of 10^6 scenarios that stream", size(memory), size(ROOM), _met(memory < ROOM), ""),
        ("33 x 25 batch on an accelerator", "not measured", "10,000 /s", "", ""),
    ]  # fmt: skip
    return table(("work", "measured", "goal", "met", "previous engine, times as long"), rows)


def _met(met: bool) -> str:
    return "yes" if met else "**no**"


def _goal(work: str, result: Found, key: str, goal: float, before: Found) -> tuple[str, ...]:
    if "why" in result:
        return work, result["why"], time(goal), "**no**", ""
    met = _met(result[key] <= goal)
    return work, time(result[key]), time(goal), met, _ratio(result, before, key)


def _ratio(result: Found, before: Found, key: str) -> str:
    return f"{before[key] / result[key]:.1f}" if key in before else before.get("why", "")


def _gradient(found: Found, where: str) -> tuple[str, ...]:
    result = found[f"gradient {where}"]
    solves = result["gradient_s"] / result["solve_s"]
    before = found.get(f"previous gradient {where}", {})
    named = f"gradient in all duties, {where.replace('x', ' x ')}"
    return (
        named,
        f"{solves:.1f} solves",
        "2",
        _met(solves <= 2.0),
        _ratio(result, before, "gradient_s"),
    )


def solves(found: Found) -> str:
    """One solve per size against the textbook's loops, the previous engine and the floor."""
    sizes = {"33x25": "33 x 25", "nafta": "31 x 40", "81x50": "81 x 50", "400x65": "400 x 65"}
    there = {name: label for name, label in sizes.items() if "why" not in _solve(found, name)}
    plain = {name: found.get(f"nested {name}", {}) for name in there}
    other = {name: found.get(f"previous solve {name}", {}) for name in there}

    def row(name: str, read: Callable[[str], str]) -> tuple[str, ...]:
        return name, *(read(one) for one in there)

    def time_of(results: dict[str, Found], key: str) -> Callable[[str], str]:
        return lambda one: time(results[one][key]) if key in results[one] else ""

    def ratio(results: dict[str, Found], key: str) -> Callable[[str], str]:
        def read(one: str) -> str:
            known = key in results[one]
            return f"{results[one][key] / _solve(found, one)['solve_s']:.0f}" if known else ""

        return read

    rows = [
        row("textbook loops, dense", time_of(plain, "dense_s")),
        row("textbook loops, iterated", time_of(plain, "iterated_s")),
        row("previous engine", time_of(other, "solve_s")),
        row("**Tula**", lambda one: time(_solve(found, one)["solve_s"])),
        row("dense loops, times as long", ratio(plain, "dense_s")),
        row("iterated loops, times as long", ratio(plain, "iterated_s")),
        row("evaluations", lambda one: str(_solve(found, one)["evaluations"])),
        row("floor: reading what they read", lambda one: time(floor_of(found, one))),
        row(
            "times the floor",
            lambda one: f"{_solve(found, one)['solve_s'] / floor_of(found, one):.1f}",
        ),
        row("first solve of a world", lambda one: time(_solve(found, one)["first_s"])),
        row("residual", lambda one: f"{_solve(found, one)['residual']:.0e}"),
        row("apart from the loops", lambda one: f"{plain[one]['apart']:.0e}" if plain[one] else ""),
        row("peak memory of the process", lambda one: size(_solve(found, one)["peak_bytes"])),
        row("of which before the solve", lambda one: size(_solve(found, one)["before_bytes"])),
    ]
    return table(("", *there.values()), rows)


def shown(found: Found) -> str:
    """The first rows of the table of solves, down to how many times as long the loops take."""
    return "\n".join(solves(found).splitlines()[:8])


def batches(found: Found) -> str:
    """Many scenarios in one call by numpy and by jax, one core each."""
    asked = (("33x25", "100"), ("33x25", "1000"), ("81x50", "100"))
    rows = []
    for where, count in asked:
        ways = [found[f"batch {where} {count} {library}"] for library in ("numpy", "jax")]
        rows.append((
            f"{where.replace('x', ' x ')}, {int(count):,}",
            *(time(way["each_s"]) for way in ways),
            f"{ways[1]['each_s'] / ways[0]['each_s']:.2f}",
            time(ways[1]["first_s"]),
            *(size(way["peak_bytes"]) for way in ways),
            f"{ways[0]['evaluations']:.0f}",
            f"{ways[0]['held']:,} and {ways[1]['held']:,}",
        ))  # fmt: skip
    heads = (
        "world, scenarios", "numpy, each", "jax, each", "jax over numpy", "jax, first 64",
        "memory, numpy", "memory, jax", "evaluations", "certificates held",
    )  # fmt: skip
    return table(heads, rows)


def options(found: Found) -> str:
    """One question under every option, against the plain solve."""
    plain = found["options"]["plain"]
    rows = [
        (
            name, time(one["solve_s"]), f"{one['solve_s'] / plain['solve_s']:.1f}",
            str(one["evaluations"]),
        )
        for name, one in found["options"].items()
    ]  # fmt: skip
    return table(("option", "solve", "ratio to plain", "evaluations"), rows)


def policies(found: Found) -> str:
    """Gradients, best tariffs and wars."""
    tasks = {
        "gradient, 33 x 25": ("gradient 33x25", "gradient_s"),
        "gradient, 81 x 50": ("gradient 81x50", "gradient_s"),
        "best tariff of the US among 194, one rate": ("best uniform", "again_s"),
        "best tariffs of the US among 194, by partner": ("best partner", "again_s"),
        "tariff war of 33, one rate each": ("war uniform", "again_s"),
        "tariff war of 7, every cell": ("war cell", "again_s"),
    }
    rows = []
    for name, (task, key) in tasks.items():
        one = found[task]
        rows.append((
            name,
            told(one, lambda one, key=key: time(one[key])),  # type: ignore[misc]
            told(one, lambda one: time(one["first_s"])),
            *(f"{one[what]:,}" if what in one else "" for what in ("levers", "solves", "adjoints")),
            told(one, lambda one: size(one["peak_bytes"])),
        ))  # fmt: skip
    heads = ("", "again", "first call", "levers", "equilibria", "adjoint systems", "peak memory")
    return table(heads, rows)


def starts(found: Found) -> str:
    """Times of whole commands, the interpreter's own start included."""
    rows = [(name, time(value)) for name, value in found["commands"].items()]
    clock = found["study"]
    told_as = f"tula run india-2025 --draws 64, by the clock, {clock['cores']} cores"
    return table(("", "time"), [*rows, (told_as, time(clock["clock_s"]))])


def peers(found: Found) -> str:
    """Other packages at a task of their own, and the same task here."""
    tasks = (
        ("gegravity", "gegravity 0.3: an agreement, 30 countries, one sector", "agreement"),
        ("sanction-simulator", "sanction-simulator 0.1.4: US embargo on India, 80 x 50", "embargo"),
    )
    rows = []
    for name, what, ours in tasks:
        one, here = found[name], found[ours]
        both = "why" not in one and "why" not in here
        ratio = f"{one['solve_s'] / here['solve_s']:.0f}" if both else ""
        base = told(one, lambda one: time(one["base_s"]))
        theirs, mine = (told(each, lambda each: time(each["solve_s"])) for each in (one, here))
        rows.append((what, base, theirs, mine, ratio))
    return table(("package and task", "its base year", "its solve", "Tula", "times as long"), rows)


def write(found: Found, place_of: Path) -> None:
    """Write the benchmark page: the text around the tables stands in ``page.md``."""
    text = Path(__file__).with_name("page.md").read_text(encoding="utf-8")
    line = ", ".join(f"{name} {value}" for name, value in found["machine"].items())
    parts = {
        "machine": line, "goals": goals(found), "solves": solves(found),
        "batches": batches(found), "options": options(found), "policies": policies(found),
        "starts": starts(found), "peers": peers(found),
    }  # fmt: skip
    place_of.write_text(text.format_map(parts), encoding="utf-8")


def place(found: Found, readme: Path) -> None:
    """Put one solve beside the textbook's loops, and the goals, between the README's marks."""
    text = readme.read_text(encoding="utf-8")
    before, rest = text.split(MARKS[0])
    after = rest.split(MARKS[1])[1]
    told_there = f"{shown(found)}\n\n{goals(found)}\n"
    readme.write_text(f"{before}{MARKS[0]}{told_there}{MARKS[1]}{after}", encoding="utf-8")
