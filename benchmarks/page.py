"""From the results of a run to the benchmark page and the README's figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

Found = dict[str, Any]
Rows = Sequence[Sequence[str]]

#: What the README's figures stand between.
MARKS = ("<!-- speed, written by make bench -->\n", "<!-- end of speed -->")
#: Scenarios that must stream.
MANY = 1e6
#: What is said where a task was not run.
UNKNOWN = "not measured"


class Results(dict[str, Found]):
    """What was measured by name; the rest says so."""

    def __missing__(self, name: str) -> Found:
        return {"why": UNKNOWN}


def time(value: float) -> str:
    """Seconds, milliseconds below a tenth of one, or microseconds below a tenth of those."""
    if value >= 0.1:
        return f"{value:.3g} s"
    return f"{1e3 * value:.3g} ms" if value >= 1e-4 else f"{1e6 * value:.3g} µs"


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


class Goal(NamedTuple):
    """What a figure read from some tasks should be at most, or at ``least``; why it may not be.

    ``first``: among what a reader asks first.
    """

    work: str
    tasks: tuple[str, ...]
    read: Callable[..., float]
    bound: float
    write: Callable[[float], str]
    least: bool = False
    reason: str = ""
    first: bool = False


def at(key: str) -> Callable[[Found], float]:
    """Read one figure of a task."""
    return lambda one: float(one[key])


#: What limits a solve, as profiles show.
CALLS = "calls of numpy take the time, not reading"
PASSES = "the floor of its passes alone is two fifths of it"
ADJOINT = (
    "the solve halved against the previous engine and the derivatives' own equations, iterated in "
    "jax, did not"
)
SEARCHES = "most of its equilibria and adjoint systems are each player's search from elsewhere"
DRAWN = "the solve takes 16 ms of it, with its proof; one core draws as well"
DRAWS = "25 equilibria a draw and 1,500 beside, each proven, share two cores"

GOALS = (
    Goal("one solve, 33 x 25", ("solve 33x25",), at("solve_s"), 1.5e-3, time, reason=CALLS,
         first=True),
    Goal("the same in floors", ("solve 33x25", "floor 33x25"), lambda *both: above(*both), 2.0,
         "{:.0f}".format, reason=CALLS),
    Goal("one solve, 81 x 50", ("solve 81x50",), at("solve_s"), 10e-3, time, reason=PASSES,
         first=True),
    Goal("one solve, 400 x 65", ("solve 400x65",), at("solve_s"), 0.3, time),
    Goal("scenarios a second, one core, 33 x 25", ("batch 33x25 1000 numpy",),
         lambda one: 1.0 / one["each_s"], 800.0, "{:.0f}".format, least=True,
         reason=CALLS, first=True),
    Goal("gradient in all duties in solves, 33 x 25", ("gradient 33x25",),
         lambda one: one["gradient_s"] / one["solve_s"], 2.0, "{:.1f}".format, reason=ADJOINT),
    Goal("gradient in all duties in solves, 81 x 50", ("gradient 81x50",),
         lambda one: one["gradient_s"] / one["solve_s"], 2.0, "{:.1f}".format, reason=ADJOINT),
    Goal("first answer of a fresh process", ("commands",), at("first answer"), 0.6, time,
         first=True),
    Goal("`tula solve`, whole command", ("commands",), at("tula solve"), 0.6, time),
    Goal("273 solves of the India study's scenarios", ("scenarios",),
         lambda one: 273 * one["scenarios_s"] / one["solves"], 2.0, time),
    Goal("tariff war of 33 regions, with proof", ("war uniform",), at("again_s"), 3.0, time,
         reason=SEARCHES, first=True),
    Goal("war over cells, 7 x 198 duties, proven", ("war cell",), at("again_s"), 15.0, time),
    Goal("India study, 64 draws, two cores, by the clock", ("study",), at("clock_s"), 20.0, time,
         reason=DRAWS, first=True),
    Goal("a slider's step on the page, 33 x 25, figures drawn", ("slider 33x25",), at("step_s"),
         16e-3, time, reason=DRAWN, first=True),
    Goal("memory maps gained by 200 sizes", ("maps",),
         lambda one: one["after"] - one["before"], 20.0, "{:.0f}".format),
    Goal("memory of 10^6 scenarios that stream", ("stream 2500 7500",), lambda one: streamed(one),
         2e9, size),
    Goal("33 x 25 batch on an accelerator, a second", ("accelerator",), at("each_s"), 10_000.0,
         "{:,.0f}".format, least=True),
)  # fmt: skip


def goals(found: Results) -> str:
    """Each goal, what was measured, and whether that meets it."""
    rows = []
    for goal in GOALS:
        value, met = figure(found, goal)
        bound = ("at least " if goal.least else "") + goal.write(goal.bound)
        said = {True: "yes", False: f"**no**: {goal.reason}" if goal.reason else "**no**", None: ""}
        rows.append((goal.work, value, bound, said[met]))
    return table(("work", "measured", "goal", "met"), rows)


def figure(found: Results, goal: Goal) -> tuple[str, bool | None]:
    """What was measured of a goal, or why nothing was, and whether that meets it."""
    tasks = [found[name] for name in goal.tasks]
    if why := [one["why"] for one in tasks if "why" in one]:
        return why[0], None if why[0] == UNKNOWN else False
    value = goal.read(*tasks)
    return goal.write(value), value >= goal.bound if goal.least else value <= goal.bound


def streamed(one: Found) -> float:
    """What many scenarios would take, from what more of them added."""
    return float(one["many_bytes"] + MANY * (one["many_bytes"] - one["few_bytes"]) / one["more"])


def above(one: Found, floor: Found) -> float:
    """How many times the floor a solve takes: reading, at the fastest, all that it evaluates."""
    return float(one["solve_s"] / (floor["read_s"] * one["evaluations"]))


def solves(found: Results) -> str:
    """One solve per size against the textbook's loops, the previous engine and the floor."""
    sizes = ("33x25", "nafta", "81x50", "400x65")
    heads = ("", "33 x 25", "31 x 40", "81 x 50", "400 x 65")
    ours = [found["nested nafta" if one == "nafta" else f"solve {one}"] for one in sizes]
    plain = [found[f"nested {one}"] for one in sizes]
    floors = [found[f"floor {one}"] for one in sizes]
    previous = [found[f"previous solve {one}"] for one in sizes]

    def row(name: str, read: Callable[..., str], *results: list[Found]) -> tuple[str, ...]:
        each = zip(*results, strict=True)
        return name, *("" if any("why" in one for one in ones) else read(*ones) for ones in each)

    def times(key: str) -> Callable[[Found, Found], str]:
        return lambda other, one: f"{other[key] / one['solve_s']:.0f}"

    rows = [
        row("textbook loops, dense", lambda one: time(one["dense_s"]), plain),
        row("textbook loops, iterated", lambda one: time(one["iterated_s"]), plain),
        row("previous engine", lambda one: time(one["solve_s"]), previous),
        row("**Tula**", lambda one: time(one["solve_s"]), ours),
        row("dense loops, times as long", times("dense_s"), plain, ours),
        row("iterated loops, times as long", times("iterated_s"), plain, ours),
        row("previous engine, times as long", times("solve_s"), previous, ours),
        row("evaluations", lambda one: str(one["evaluations"]), ours),
        row("evaluations of the previous engine", lambda one: str(one["evaluations"]), previous),
        row("in floors", lambda *both: f"{above(*both):.1f}", ours, floors),
        row("first solve of a world", lambda one: time(one["first_s"]), ours),
        row("the same of the previous engine", lambda one: time(one["first_s"]), previous),
        row("residual", lambda one: f"{one['residual']:.0e}", ours),
        row("apart from the loops", lambda one: f"{one['apart']:.0e}", plain),
        row("peak memory of the process", lambda one: size(one["peak_bytes"]), ours),
        row("of which before the solve", lambda one: size(one["before_bytes"]), ours),
        row("a read of what an evaluation reads", lambda one: time(one["read_s"]), floors),
        row("bytes of that", lambda one: size(one["bytes"]), floors),
        row("bytes a second", lambda one: size(one["bytes"] / one["read_s"]), floors),
    ]  # fmt: skip
    return table(heads, rows)


def batches(found: Results) -> str:
    """Many scenarios in one call by numpy and by jax, one core each."""
    rows = []
    for where, count in (("33x25", 100), ("33x25", 1000), ("81x50", 100)):
        ways = [found[f"batch {where} {count} {library}"] for library in ("numpy", "jax")]
        each = [told(way, lambda way: time(way["each_s"])) for way in ways]
        rows.append((
            f"{where.replace('x', ' x ')}, {count:,}",
            *each,
            told(ways[1], lambda way: time(way["first_s"])),
            *(told(way, lambda way: size(way["peak_bytes"])) for way in ways),
            *(told(way, lambda way: f"{way['held']:,}") for way in ways),
        ))  # fmt: skip
    other = told(found["previous batch 33x25 200"], lambda one: time(one["each_s"]))
    rows.append(("33 x 25, 200, previous engine", "", other, *[""] * 5))
    heads = (
        "world, scenarios", "numpy, each", "jax, each", "jax, first 64", "memory, numpy",
        "memory, jax", "certificates, numpy", "certificates, jax",
    )  # fmt: skip
    return table(heads, rows)


def options(found: Results) -> str:
    """One question under every option, against the plain solve."""
    timed = found["options"]
    if "why" in timed:
        return str(timed["why"])
    each = timed["plain"]["solve_s"]
    rows = [
        (name, time(one["solve_s"]), f"{one['solve_s'] / each:.1f}", str(one["evaluations"]))
        for name, one in timed.items()
    ]
    return table(("option", "solve", "ratio to plain", "evaluations"), rows)


def policies(found: Results) -> str:
    """Gradients, best tariffs and wars."""
    tasks = {
        "gradient, 33 x 25": ("gradient 33x25", "gradient_s"),
        "gradient, 81 x 50": ("gradient 81x50", "gradient_s"),
        "gradient, 33 x 25, previous engine": ("previous gradient 33x25", "gradient_s"),
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
            told(one, lambda one, key=key: time(one[key])),
            told(one, lambda one: time(one["first_s"])),
            *(f"{one[what]:,}" if what in one else "" for what in ("levers", "solves", "adjoints")),
            told(one, lambda one: size(one["peak_bytes"])),
        ))  # fmt: skip
    heads = ("", "again", "first call", "levers", "equilibria", "adjoint systems", "peak memory")
    return table(heads, rows)


def starts(found: Results) -> str:
    """Times of whole commands, the interpreter's own start included."""
    clock = found["study"]
    named = f"tula run india-2025 --draws 64, by the clock, {clock.get('cores', 'all')} cores"
    rows = [(name, time(value)) for name, value in found["commands"].items() if name != "why"]
    return table(("", "time"), [*rows, (named, told(clock, lambda one: time(one["clock_s"])))])


def pages(found: Results) -> str:
    """Steps of a slider on the explorer's page."""
    rows = []
    for where in ("33x25", "81x50"):
        one = found[f"slider {where}"]
        rows.append((
            where.replace("x", " x "),
            told(one, lambda one: time(one["engine_s"])),
            *(time(one[key]) if key in one else "" for key in ("step_s", "least_s", "worst_s")),
            str(one.get("evaluations", "")),
            size(one["page_bytes"]) if "page_bytes" in one else "",
        ))  # fmt: skip
    heads = ("world", "solved and proved", "figures drawn", "quickest", "slowest", "evaluations",
             "page")  # fmt: skip
    return table(heads, rows)


def peers(found: Results) -> str:
    """Other packages at a task of their own, and the same task here."""
    tasks = (
        ("gegravity", "gegravity 0.3: an agreement, 30 countries, one sector", "agreement"),
        ("sanction-simulator", "sanction-simulator 0.1.4: US embargo on India, 80 x 50", "embargo"),
    )
    rows = []
    for name, what, ours in tasks:
        one, here = found[name], found[ours]
        both = "why" not in one and "why" not in here
        ratio = f"{one['solve_s'] / here['solve_s']:,.0f}" if both else ""
        base = told(one, lambda one: time(one["base_s"]))
        theirs, mine = (told(each, lambda each: time(each["solve_s"])) for each in (one, here))
        rows.append((what, base, theirs, mine, ratio))
    return table(("package and task", "its base year", "its solve", "Tula", "times as long"), rows)


def write(found: Results, place_of: Path) -> None:
    """Write the benchmark page: the text around the tables stands in ``page.md``."""
    text = Path(__file__).with_name("page.md").read_text(encoding="utf-8")
    line = ", ".join(f"{name} {value}" for name, value in found["machine"].items())
    parts = {
        "machine": line, "goals": goals(found), "solves": solves(found),
        "batches": batches(found), "options": options(found), "policies": policies(found),
        "starts": starts(found), "pages": pages(found), "peers": peers(found),
    }  # fmt: skip
    place_of.write_text(text.format_map(parts), encoding="utf-8")


def place(found: Results, readme: Path) -> None:
    """Put what a reader asks first between README's marks."""
    text = readme.read_text(encoding="utf-8")
    before, rest = text.split(MARKS[0])
    after = rest.split(MARKS[1])[1]
    rows = [(goal.work, figure(found, goal)[0]) for goal in GOALS if goal.first]
    built = table(("", "measured"), rows)
    readme.write_text(f"{before}{MARKS[0]}{built}\n{MARKS[1]}{after}", encoding="utf-8")
