"""Tables of what is built on a solve: gradients, options, choices of policy and batches."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.tables import READS, Measure, Result, Sheet, as_bytes, as_time, by_world


def gradients(results: Sequence[Result]) -> Sheet:
    """Derivatives of one outcome in every bilateral tariff, in solves."""
    measures: dict[str, Measure] = {
        "outcome": lambda result: str(result["question"]),
        "tariffs": lambda result: f"{result['tariffs']:,}",
        "solve": lambda result: as_time(result["solve_s"]),
        "gradient, its solve included": lambda result: as_time(result["gradient_s"]),
        "**gradient in solves**": lambda result: f"{_in_solves(result):.1f}",
        "derivatives alone, in evaluations": lambda result: f"{_in_evaluations(result):.0f}",
        "first gradient, compiling": lambda result: as_time(result["first_gradient_s"]),
        "peak memory of the process": lambda result: as_bytes(result["peak_bytes"]),
    }
    note = (
        "One transposed linear system, solved by the same iteration, gives all duties at once; "
        "both times are of compiled code. Derivatives alone: what the gradient takes beyond its "
        "solve, in evaluations of the equations at the speed of the solve. What limits a solve "
        "limits its gradient; the first gradient of a size is compile time."
    )
    return by_world("All derivatives of one outcome", results, measures, note)


def _in_solves(result: Result) -> float:
    return float(result["gradient_s"] / result["solve_s"])


def _in_evaluations(result: Result) -> float:
    beyond = result["gradient_s"] - result["solve_s"]
    return float(beyond / result["solve_s"] * result["evaluations"])


def options(results: Sequence[Result]) -> Sheet:
    """One question under every option, against the plain solve."""
    plain = results[0]
    each = plain["solve_s"] / plain["evaluations"]
    rows = tuple(
        (
            str(result["option"]),
            as_time(result["solve_s"]),
            f"{result['solve_s'] / plain['solve_s']:.1f}",
            str(result["evaluations"]),
            f"{result['solve_s'] / result['evaluations'] / each:.1f}",
            f"{result['bytes_accessed'] / plain['bytes_accessed']:.1f}",
            f"{result['flops'] / plain['flops']:.1f}",
            f"{result['powers'] / plain['powers']:.1f}",
            as_time(result["first_solve_s"]),
        )
        for result in results
    )
    heads = (
        "option", "solve", "ratio", "evaluations", "time of one, ratio", "bytes, ratio",
        "flops, ratio", "logs and powers, ratio", "first solve, compiling",
    )  # fmt: skip
    note = (
        f"US +50 points on India, {plain['regions']} x {plain['sectors']}; the elasticities are "
        "chosen for timing alone (benchmarks/options.py). Ratios to the plain solve. Bytes, flops, "
        "logs and powers: of one evaluation, as the compiler counts them. Where the time of an "
        "evaluation grows more than its bytes, logs and powers taken cell by cell are the limit; "
        "where it does not, the number of evaluations is."
    )
    return Sheet("A solve under each option", heads, rows, note)


def optima(results: Sequence[Result]) -> Sheet:
    """Best tariffs of one country among 194."""
    heads = (
        "world and levers", "compiled", "first call", "solves", "adjoint solves",
        "of which solving", "rates", "gain", "slope left",
    )  # fmt: skip
    rows = tuple(_optimum_row(result) for result in results)
    best = results[0]
    note = (
        f"{best['world']}, {best['regions']} countries, one sector; proof of the peak included. "
        "The first row compiles; those below are of the same size and find most of their code "
        "compiled. Of which solving: forward solves at the time of one solve, of the compiled "
        f"time; one solve takes {as_time(best['solve_s'])}. The rest is adjoint solves and "
        "the handling of levers. Compile time limits whoever asks once, the number of solves "
        "whoever asks again."
    )
    return Sheet("Best tariffs of the United States", heads, rows, note)


def _optimum_row(result: Result) -> tuple[str, ...]:
    levers = "one rate" if result["by"] == "uniform" else f"{result['levers']} rates, by partner"
    least, greatest = result["least_rate"], result["greatest_rate"]
    rates = f"{least:.1%}" if result["levers"] == 1 else f"{least:.1%} to {greatest:.1%}"
    solving = result["forward_solves"] * result["solve_s"] / result["warm_s"]
    return (
        f"{result['links']}, {levers}",
        as_time(result["warm_s"]),
        as_time(result["cold_s"]),
        str(result["forward_solves"]),
        str(result["adjoint_solves"]),
        f"{solving:.0%}",
        rates,
        f"{result['gain_percent']:.2f}%",
        f"{result['slope']:.0e}",
    )


def war(result: Result) -> Sheet:
    """The tariff war of all regions of the default world."""
    solving = result["forward_solves"] * result["solve_s"] / result["warm_s"]
    rows = (
        ("players", str(result["players"])),
        ("compiled, deviations of every player included", as_time(result["warm_s"])),
        ("first call, compiling", as_time(result["cold_s"])),
        ("equilibria solved", f"{result['forward_solves']:,}"),
        ("adjoint systems solved", f"{result['adjoint_solves']:,}"),
        ("of which solving", f"{solving:.0%}"),
        ("rounds of the game", str(result["rounds"])),
        ("largest gain from a deviation", f"{result['largest_gain']:.0e}"),
        ("largest slope left", f"{result['slope']:.0e}"),
        ("largest curvature", f"{result['curvature']:.2f}"),
        ("residual of the equilibrium", f"{result['residual']:.0e}"),
    )
    note = (
        f"{result['world']}, {result['regions']} x {result['sectors']}, one tariff per region on "
        "all goods. Gains in real income as a ratio to base, slopes and curvature per scaled "
        "lever ([what the proof says](policy-choice.md)). Of which solving: equilibria at the "
        "time of one solve; the rest is adjoint systems and the bookkeeping of the searches. The "
        "limit is the number of solves, most of them for the deviations that the proof tries."
    )
    return Sheet("Tariff war of all regions", ("", ""), rows, note)


def batch(one_core: Result, all_cores: Result, copy: float) -> Sheet:
    """A thousand scenarios in one call."""
    each = one_core["batch_s"] / one_core["scenarios"]
    iterated = each - one_core["pose_s"]
    read = READS * one_core["trade_bytes"] + 2 * one_core["shares_bytes"]
    rate = read * one_core["evaluations"] / iterated
    rows = (
        ("scenarios", f"{one_core['scenarios']:,}"),
        ("certificates that hold", f"{one_core['certificates_held']:,}"),
        ("largest residual", f"{one_core['worst_residual']:.0e}"),
        ("scenarios a second, one core", f"{1.0 / each:.0f}"),
        (
            "scenarios a second by the clock, all cores",
            f"{all_cores['scenarios'] / all_cores['wall_s']:.0f}",
        ),
        ("time of one, one core", as_time(each)),
        ("of which posing it", as_time(one_core["pose_s"])),
        ("evaluations of one, mean", f"{one_core['evaluations']:.0f}"),
        ("read in an evaluation", as_bytes(read)),
        ("read a second while iterating", as_bytes(rate)),
        ("of copying speed", f"{rate / copy:.0%}"),
        ("arrays of one scenario", as_bytes(one_core["system_bytes"])),
        ("of which its own", as_bytes(one_core["own_bytes"])),
        ("peak memory of the process", as_bytes(one_core["peak_bytes"])),
        ("of which before the batch", as_bytes(one_core["peak_before_bytes"])),
        ("of which answers", as_bytes(one_core["answer_bytes"])),
        ("vectorised call apart", f"{one_core['vectorised_apart']:.0e}"),
    )
    note = (
        f"{one_core['world']}, {one_core['regions']} x {one_core['sectors']}: an extra duty of up "
        "to 50 points of one importer on one exporter, both drawn; one `solve_batch` call, at most "
        f"{one_core['chunk']} scenarios held at a time. Copying speed: {as_bytes(copy)} a second "
        "read and written together by numpy on this core in the same run. Two things limit a "
        f"scenario: posing it ({one_core['pose_s'] / each:.0%} of its time, most of it handing "
        "arrays to the compiled code one by one) and reading. On several cores one scenario is "
        "posed while another is iterated. Vectorised call apart: largest relative difference "
        "between one scenario at a time and the call that a GPU would run, forced on the CPU "
        "for three scenarios. No GPU figure is given because none was measured."
    )
    return Sheet("A thousand scenarios in one call", ("", ""), rows, note)
