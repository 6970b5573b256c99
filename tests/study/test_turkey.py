"""The study of Türkiye that comes with the package, and the beliefs of the two later studies."""

from datetime import date

import pytest

from tula.study.backtest.frozen import inputs_of
from tula.study.citations import is_later
from tula.study.effort import Effort
from tula.study.load import load_study
from tula.study.run import run_study

#: How much wider the upper end of a belief without a source is than its lower one.
WIDE = 2.0


def number(end: float | str | None) -> float:
    """An end of a range without its unit."""
    return float(str(end).split(" ")[0].rstrip("%"))


@pytest.mark.parametrize(
    ("name", "chosen"), [("turkey-2025", []), ("canada-2026", []), ("india-2025", ["trim-left"])]
)
def test_a_belief_has_a_source_of_before_the_day_or_a_wide_range(
    name: str, chosen: list[str]
) -> None:
    """But for how far a course goes, which a government chooses."""
    study = load_study(name)
    narrow = []
    for belief, one in study.file.beliefs.items():
        known = [fact for fact in one.evidence if not is_later(study.evidence[fact], study.file.on)]
        assert known == list(one.evidence), belief
        low, high = sorted(abs(number(end)) for end in (one.low, one.high))
        if not known and high < WIDE * low:
            narrow.append(belief)
        assert one.reason, belief
    assert narrow == chosen


def test_two_studies_of_one_day_believe_the_same_of_a_ceasefire() -> None:
    """Odds by the end of March, at a steady rate over twelve months; every ceasefire ends all."""
    india, turkey = load_study("india-2025"), load_study("turkey-2025")
    assert india.file.on == turkey.file.on
    names = ("value", "low", "high", "evidence", "reason")
    one, other = (study.file.beliefs["ceasefire-chance"] for study in (india, turkey))
    assert [getattr(one, name) for name in names] == [getattr(other, name) for name in names]
    (fact,) = one.evidence
    days = (date(2026, 3, 31) - date.fromisoformat(india.evidence[fact].date)).days
    odds = 1.0 - (1.0 - india.evidence[fact].value / 100.0) ** (365 / days)
    assert number(one.high) == pytest.approx(odds, abs=0.01)
    assert number(one.value) == pytest.approx(odds / 3.0, abs=0.01)


def test_what_is_told_of_the_months_after_is_behind_no_number() -> None:
    study = load_study("turkey-2025")
    later = {name for name, fact in study.evidence.items() if is_later(fact, study.file.on)}
    assert later == {"K08", "T03", "T04"}
    behind = {name for one in inputs_of(study) for name in one.facts}
    assert not behind & later


@pytest.mark.long
def test_crude_and_gas_decide_its_balance_and_giving_in_costs() -> None:
    results = run_study(load_study("turkey-2025"), quick=True, effort=Effort(draws=8))
    found = results.answer
    assert found is not None
    assert found.decides == "crude"
    assert found.label in {"holds", "likely holds"}
    assert found.price is not None
    assert found.price.price.high < 0.0
    (crude,) = (one for one in found.ties if one.id == "crude")
    assert 0.75 < crude.kept.median < 1.0
    assert {one.id for one in found.who} == {"duty", found.price.course}
