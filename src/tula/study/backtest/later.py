"""What came later, and what others said: opened only when forecasts are scored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tula.errors import did_you_mean
from tula.evidence import Document, Evidence, Fact, Problem
from tula.study.backtest.grounds import check_facts
from tula.study.backtest.methods import METHODS
from tula.study.backtest.schema import BacktestFile, Benchmarks, ForecastBlock, Outcome, Told
from tula.study.citations import is_later
from tula.study.vocabulary import Path_, unknown


@dataclass(frozen=True)
class Later:
    """Outcomes and benchmarks by forecast; ``facts`` cited by either, ``made_later`` the facts
    behind published forecasts that are later than ours."""

    outcomes: Mapping[str, Outcome]
    benchmarks: Mapping[str, Benchmarks]
    facts: Mapping[str, Fact]
    made_later: frozenset[str]


def read_later(
    document: Document, file: BacktestFile, evidence: Evidence
) -> tuple[Later, list[Problem]]:
    """Return outcomes and benchmarks, and problems: of unknown ids and of facts out of time.

    An outcome rests on facts later than the freeze, persistence on facts that are not; a published
    forecast may be made later than ours, which is told with it.
    """
    blocks = {block.id: block for block in file.forecasts}
    problems = []
    for key in ("outcomes", "benchmarks"):
        problems += _strangers(document, key, getattr(file, key), blocks)
    for name, block in blocks.items():
        day = min(block.frozen or file.cutoff, file.cutoff)
        problems += _outcome(document, name, block, file, evidence, day)
        problems += _benchmarks(document, name, block, file, evidence, day)
    cited = _cited(file)
    later = Later(
        outcomes=file.outcomes,
        benchmarks=file.benchmarks,
        facts={name: evidence[name] for name in cited if name in evidence},
        made_later=frozenset(
            name for name in cited if name in evidence and is_later(evidence[name], file.cutoff)
        ),
    )
    return later, problems


def _strangers(
    document: Document, key: str, given: Mapping[str, object], blocks: Mapping[str, object]
) -> list[Problem]:
    return [
        Problem(
            document.key_place((key, name)),
            f"unknown forecast {name!r}{did_you_mean(name, blocks)}",
        )
        for name in given
        if name not in blocks
    ]


def _outcome(
    document: Document,
    name: str,
    block: ForecastBlock,
    file: BacktestFile,
    evidence: Evidence,
    day: date,
) -> list[Problem]:
    if name not in file.outcomes:
        return []
    path: Path_ = ("outcomes", name, "evidence")
    problems = unknown(document, path, "fact", evidence.facts)
    known = [evidence[fact] for fact in file.outcomes[name].evidence if fact in evidence]
    if known and not all(is_later(fact, day) for fact in known):
        early = ", ".join(f"{fact.id} ({fact.known})" for fact in known if not is_later(fact, day))
        message = f"the outcome rests on {early}, no later than {day}: there is nothing to forecast"
        problems.append(Problem(document.place(path), message))
    value = file.outcomes[name].value
    if block.method in METHODS and METHODS[block.method].event and value not in (0.0, 1.0):
        place = document.place(("outcomes", name, "value"))
        problems.append(Problem(place, f"an event happened (1) or did not (0); got {value:g}"))
    return problems


def _benchmarks(
    document: Document,
    name: str,
    block: ForecastBlock,
    file: BacktestFile,
    evidence: Evidence,
    day: date,
) -> list[Problem]:
    found = file.benchmarks.get(name, Benchmarks())
    path: Path_ = ("benchmarks", name)
    at = (*path, "persistence", "evidence")
    problems = []
    if found.persistence is not None:
        problems += check_facts(document, at, evidence, day, "benchmarks of what was known")
    for place in range(len(found.published)):
        at = (*path, "published", place, "evidence")
        problems += unknown(document, at, "fact", evidence.facts)
    if block.method in METHODS and METHODS[block.method].event:
        told = [("persistence", found.persistence), *enumerate(found.published)]
        problems += [
            Problem(document.place(path), f"{place}: a probability lies between 0 and 1")
            for place, one in told
            if one is not None and not _probable(one)
        ]
    return problems


def _probable(told: Told) -> bool:
    numbers = (told.value, told.low, told.high)
    return all(number is None or 0.0 <= number <= 1.0 for number in numbers)


def _cited(file: BacktestFile) -> set[str]:
    names = {name for outcome in file.outcomes.values() for name in outcome.evidence}
    for found in file.benchmarks.values():
        told = [*found.published, *([found.persistence] if found.persistence else [])]
        names |= {name for one in told for name in one.evidence}
    return names
