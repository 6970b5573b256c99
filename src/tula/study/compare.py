"""What moved between two runs, by how much, and which inputs differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import hypot, isnan

from tula.errors import TulaError
from tula.numbers import write
from tula.shown import Card, Shown
from tula.study.manifest import Manifest
from tula.study.results import StudyResults

#: Figures that moved less than this, in their unit, are not shown.
LEAST = 5e-4
#: Standard errors by which odds must part before the difference is told as one.
ERRORS = 2.0


class NothingSharedError(TulaError):
    """Two runs share no scenario, and neither has an answer: there is nothing to compare."""


@dataclass(frozen=True)
class Input:
    """An input that differs: what each run had; empty where it had none."""

    name: str
    first: str
    second: str


@dataclass(frozen=True)
class Moved:
    """A result of both runs, in one unit; ``clear`` unless the difference is within its error."""

    name: str
    first: float
    second: float
    unit: str
    clear: bool = True

    @property
    def difference(self) -> float:
        """The second less the first."""
        return self.second - self.first

    @property
    def told(self) -> tuple[str, str, str, str]:
        """Name, both figures, and the difference in its unit, as readers see them."""
        unit = "points" if self.unit == "%" else self.unit
        note = "" if self.clear else ", within the error"
        moved = f"{write.fine(self.difference, signed=True)} {unit}{note}"
        return self.name, write.fine(self.first), write.fine(self.second), moved


@dataclass(frozen=True, repr=False)
class Compared(Shown):
    """Two runs: inputs that differ, results that moved, and labels where both have one.

    ``parts[setting][result]`` is what each setting adds to what moved, where it was asked for.
    """

    inputs: tuple[Input, ...]
    moved: tuple[Moved, ...]
    labels: tuple[str, str] | None
    parts: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    @property
    def shown(self) -> list[Moved]:
        """Results that moved by enough to be shown, those that moved most first."""
        far = [one for one in self.moved if abs(one.difference) >= LEAST]
        return sorted(far, key=lambda one: -abs(one.difference))

    def part(self, setting: str, result: Moved) -> str:
        """What a setting adds to a result, as readers see it; empty where it is not known."""
        found = self.parts[setting].get(result.name)
        return "" if found is None else write.fine(found, signed=True)

    def _card(self) -> Card:
        changed = {one.name: f"{one.first or 'none'} -> {one.second or 'none'}"
                   for one in self.inputs}  # fmt: skip
        facts = {"balance": f"{self.labels[0]}, then {self.labels[1]}"} if self.labels else {}
        rows = [(*one.told, *(self.part(name, one) for name in self.parts)) for one in self.shown]
        head = ("result", "first", "second", "difference", *(f"by {name}" for name in self.parts))
        return Card("Two runs: the inputs that differ, and what moved", facts | changed, head, rows)


def compare(first: StudyResults, second: StudyResults) -> Compared:
    """Compare two runs: the first is what the second is measured against.

    Real income is the headline's, of pivot and rivals of the first, in scenarios that both have.
    Raises ``NothingSharedError``.
    """
    moved = (*_answers(first, second), *_incomes(first, second), *_ties(first, second))
    if not moved:
        raise NothingSharedError("the runs share no scenario, tie or answer: nothing to compare")
    labels = None
    if first.answer and second.answer:
        labels = first.answer.label, second.answer.label
    return Compared(tuple(_inputs(first.manifest, second.manifest)), moved, labels)


def _inputs(first: Manifest, second: Manifest) -> Iterator[Input]:
    had, has = _flat(first), _flat(second)
    beliefs: list[tuple[str, str]] = []
    for name in dict.fromkeys((*had, *has)):
        values = had.get(name, ""), has.get(name, "")
        if values[0] == values[1]:
            continue
        if name.startswith("beliefs."):
            beliefs.append(values)
        elif any(_used(values, one) for one in beliefs):
            continue
        yield Input(name, *values)


def _used(values: tuple[str, str], belief: tuple[str, str]) -> bool:
    """Whether a number is only where a belief is used; one that rests on facts is not told."""
    return all(one in ("", other) for one, other in zip(values, belief, strict=True))


def _flat(manifest: Manifest) -> dict[str, str]:
    """Everything that goes into a run and can move a number, by name."""
    world = manifest.world
    found = {
        "world": f"{world.name} ({world.vintage}) {world.content_hash[:12]}",
        "pivot": manifest.pivot,
        "rivals": ", ".join(manifest.rivals),
        "headline closure": manifest.headline_closure,
        "headline elasticity": manifest.headline_elasticity,
        "seed": str(manifest.seed),
        "draws": str(manifest.draws),
        **{f"version of {name}": text for name, text in manifest.versions.items()},
        **{f"elasticities.{name}": text for name, text in manifest.elasticities.items()},
    }
    numbers = [*manifest.beliefs, *manifest.assumptions]
    numbers += [one for tie in manifest.ties for one in tie.numbers]
    found |= {one.key: one.value for one in numbers}
    for scenario in manifest.scenarios:
        told = "; ".join(one.text for one in scenario.instruments) or "nothing moves"
        found[f"scenarios.{scenario.id}"] = told
    return found


def _answers(first: StudyResults, second: StudyResults) -> Iterator[Moved]:
    a, b = first.answer, second.answer
    if a is None or b is None:
        return
    clear = abs(b.odds - a.odds) > ERRORS * hypot(a.error, b.error)
    yield Moved("odds of balance", 100.0 * a.odds, 100.0 * b.odds, "%", clear)
    if a.price and b.price and a.price.course == b.price.course:
        yield Moved("price of balance", a.price.price.median, b.price.price.median, "bn USD")
    kept = {one.id: one for one in b.ties}
    for tie in a.ties:
        if tie.id in kept:
            other = kept[tie.id].kept.median
            yield Moved(f"kept of {tie.title}", 100.0 * tie.kept.median, 100.0 * other, "%")


def _incomes(first: StudyResults, second: StudyResults) -> Iterator[Moved]:
    told = [_headline(one) for one in (first, second)]
    for name, value in told[0].items():
        other = told[1].get(name, float("nan"))
        if not (isnan(value) or isnan(other)):
            yield Moved(name, value, other, "%")


def _headline(results: StudyResults) -> Mapping[str, float]:
    """Real income of pivot and rivals by scenario and region."""
    manifest = results.manifest
    income = results.data["real_income"].sel(
        closure=manifest.headline_closure, elasticity=manifest.headline_elasticity
    )
    return {
        f"{one.id}: real income of {region}": float(income.sel(scenario=one.id, region=region))
        for one in manifest.scenarios
        for region in (manifest.pivot, *manifest.rivals)
    }  # fmt: skip


def _ties(first: StudyResults, second: StudyResults) -> Iterator[Moved]:
    had, has = _worth(first), _worth(second)
    for name, value in had.items():
        if name in has:
            yield Moved(f"worth of tie {name}", value, has[name], "bn USD a year")


def _worth(results: StudyResults) -> dict[str, float]:
    names = [record.id for record in results.manifest.ties]
    worth = [account.value_to_pivot.central / 1000.0 for account in results.ties]
    return dict(zip(names, worth, strict=False))
