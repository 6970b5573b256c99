"""A scorecard in words and rows, for the terminal and for backtest.md."""

from __future__ import annotations

from collections.abc import Iterable

from tula.numbers import write
from tula.study.backtest.record import (
    BacktestRecord,
    ConditionRecord,
    ForecastRecord,
    RivalRecord,
    verdict_word,
)
from tula.study.backtest.score import Judged, Scorecard, Scored

BACKTEST_MD = "backtest.md"
HEADINGS = (
    *("Quantity", "How", "Forecast (10 to 90%)", "Outcome"),
    *("Ours", "Persistence", "Published", "Nearest"),
)
#: Marks a published forecast made after ours.
MADE_LATER = "*"


def answer(card: Scorecard) -> str:
    """Return how often we came nearer than persistence and than published forecasts."""
    scored = [one for one in card.scored if one.score is not None]
    with_past = [one for one in scored if one.persistence is not None]
    with_others = [one for one in scored if one.published]
    parts = [f"Of {len(scored)} forecasts scored"]
    past = sum(one.beats(one.persistence) for one in with_past)
    parts.append(f"{past} beat persistence{_of(with_past, scored)}")
    others = sum(one.beats(one.best_published) for one in with_others)
    if with_others:
        parts.append(f"and {others} beat the best published forecast{_of(with_others, scored)}")
    middles = sum(one.middle_beats(one.persistence) for one in with_past)
    alone = f"By the middle of each forecast alone, without its spread, {middles} beat persistence."
    return f"{', '.join(parts)}. {alone}"


def _of(some: list[Scored], all_: list[Scored]) -> str:
    return "" if len(some) == len(all_) else f" ({len(some)} have one)"


def losses(card: Scorecard) -> str:
    """Return what somebody else came nearer on, and who; empty where nobody did."""
    lost = [
        f"{one.forecast.block.quantity} ({one.winner})"
        for one in card.scored
        if one.winner not in ("", "ours", "draw")
    ]
    return f"Others came nearer on: {'; '.join(lost)}." if lost else ""


def coverage(card: Scorecard) -> str:
    """Return how many outcomes fell into the interval of their forecast."""
    inside = [one.inside for one in card.scored if one.inside is not None]
    if not inside:
        return ""
    return (
        f"{sum(inside)} of {len(inside)} outcomes that are quantities lie between the 10th and "
        "90th percentiles of their forecast; eight in ten should."
    )


def verdicts(judged: Iterable[Judged]) -> str:
    """Return how many conditions are passed, failed and open, in one sentence."""
    words = [verdict_word(one.verdict) for one in judged]
    if not words:
        return ""
    counts = [f"{words.count('PASS')} passed", f"{words.count('FAIL')} failed"]
    counts += [f"{words.count('open')} open"] if "open" in words else []
    return f"Tests the model must pass or be rejected: {', '.join(counts)}."


def row(one: ForecastRecord) -> tuple[str, ...]:
    """Return one line of the table, under ``HEADINGS``."""
    best = min(one.published, key=lambda rival: rival.score, default=None)
    interval = f"{number(one.central)} ({number(one.low)} to {number(one.high)})"
    if one.low == one.high:
        interval = number(one.central)
    unit = "" if one.event else f" {one.unit}"
    return (
        one.quantity,
        one.kind,
        f"{interval}{unit}",
        outcome(one),
        number(one.score),
        number(one.persistence.score) if one.persistence else "",
        published(best),
        one.winner,
    )


def outcome(one: ForecastRecord) -> str:
    """Return what came of a forecast: a number, or yes or no."""
    if one.outcome is None:
        return "open"
    if one.event:
        return "yes" if one.outcome == 1.0 else "no"
    return number(one.outcome)


def published(rival: RivalRecord | None) -> str:
    """Return the score of a published forecast, marked where it was made after ours."""
    if rival is None:
        return ""
    return number(rival.score) + (MADE_LATER if rival.later else "")


def number(value: float | None) -> str:
    """Return a number with the digits that matter: 1224, 54.0, 6.31, 0.298, 0.005."""
    return "" if value is None else write.number(value, write.SCORE)


def verdict_line(one: ConditionRecord) -> str:
    """Return one condition: its verdict, what it says, and the numbers it turned on."""
    edge = ", on the edge: another seed may turn it" if one.edge else ""
    numbers = f" {one.numbers[:1].upper()}{one.numbers[1:]}." if one.numbers else ""
    return f"{one.verdict}{edge}  {one.id}: {one.says}{numbers}"


FOOT = (
    "Scores are in the unit of the quantity (continuous ranked probability score) or, for events, "
    "squared errors of a probability (Brier); lower is better. A published column shows the best "
    f"of several, chosen with hindsight; {MADE_LATER} marks one made after ours."
)


def markdown(record: BacktestRecord) -> str:
    """Return the whole account as Markdown."""
    blocks = [
        f"# {record.title}",
        record.answer,
        _table(record),
        FOOT,
        "## Conditions",
        "\n".join(f"- {verdict_line(one)} {one.reason}" for one in record.conditions) or "None.",
        "## How each forecast was made",
        "\n".join(_how(one) for one in record.forecasts),
        "## Others' forecasts",
        _rivals(record),
        "## What to bear in mind",
        "\n".join(f"- {note}" for note in record.notes) or "Nothing.",
        "## Facts",
        "\n".join(
            f"- {fact.id} ({fact.date}, {'input' if fact.frozen else 'scoring only'}): {fact.text} "
            f"[{fact.source}]({fact.url})"
            for fact in record.facts
        ),
        f"Inputs frozen on {record.cutoff}; {record.draws} draws, seed {record.seed}; SHA-256 of "
        f"the frozen inputs {record.inputs_hash}.",
    ]
    return "\n\n".join(blocks) + "\n"


def _table(record: BacktestRecord) -> str:
    lines = [_line(HEADINGS), _line("---" for _ in HEADINGS)]
    return "\n".join([*lines, *(_line(row(one)) for one in record.forecasts)])


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _how(one: ForecastRecord) -> str:
    notes = " ".join([one.sentence, *one.notes, *([one.outcome_note] if one.outcome_note else [])])
    inside = {True: " The outcome lies within the interval.", False: " It lies outside.", None: ""}
    return (
        f"- **{one.quantity}** ({one.kind}, `{one.method}`, frozen {one.frozen}): {notes}"
        + (inside[one.inside])
    )


def _rivals(record: BacktestRecord) -> str:
    lines = []
    for one in record.forecasts:
        told = [("persistence", one.persistence)] if one.persistence else []
        for kind, rival in [*told, *(("published", rival) for rival in one.published)]:
            assert rival is not None
            span = number(rival.low) + (
                "" if rival.low == rival.high else f" to {number(rival.high)}"
            )
            skill = "none" if rival.skill is None else f"{rival.skill:+.2f}"
            reading = f" {rival.reading}" if rival.reading else ""
            lines.append(
                f"- {one.id}, {kind}, {rival.source}: {span}, score {number(rival.score)}, "
                f"our skill against it {skill}{', made after ours' if rival.later else ''}."
                f"{reading}"
            )
    return "\n".join(lines) or "None."
