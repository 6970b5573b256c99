"""A policy that changes nothing, or out of all proportion, is warned of in Python."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

import tula as tl
from factories import make_economy
from tula.policy import Embargo, InertPolicyWarning, Shock, Tariff
from tula.policy.notices import unnotified

Compiled = Callable[..., Shock]
OIL: dict[str, Any] = {"importer": "IND", "exporter": "RUS", "sectors": "OIL"}


@pytest.mark.parametrize(
    "dates",
    [{"start": "2026-08-01"}, {"end": "2025-08-01"}, {"start": "1925-01-01", "end": "1926-01-01"}],
)
def test_a_policy_of_another_day_warns_and_is_the_base(
    compiled: Compiled, dates: dict[str, str]
) -> None:
    with pytest.warns(InertPolicyWarning, match=r"\+25.0 pp .*: not in force on the day"):
        shock = compiled([Tariff(**OIL, add=0.25, **dates)], date(2025, 12, 12))
    assert (shock.tariff == compiled([]).tariff).all()


def test_days_of_a_sweep_warn_in_the_same_words(compiled: Compiled) -> None:
    late = Tariff(**OIL, add=0.25, start="2026-08-01")
    with pytest.warns(InertPolicyWarning) as said:
        for month in (1, 2, 3):
            compiled([late], date(2026, month, 1))
    assert len({str(one.message) for one in said}) == 1


def test_a_part_in_force_does_not_warn(
    compiled: Compiled, recwarn: pytest.WarningsRecorder
) -> None:
    late = Tariff(**OIL, add=0.25, start="2026-08-01")
    compiled([late, Tariff(**OIL, add=0.1)], date(2025, 12, 12))
    compiled([], date(2025, 12, 12))
    assert not recwarn.list


def test_a_long_policy_is_named_in_part(compiled: Compiled) -> None:
    late = [Tariff(**OIL, add=0.01 * (1 + n), start="2026-08-01") for n in range(5)]
    with pytest.warns(InertPolicyWarning, match=r"and 2 more\)"):
        compiled(late, date(2025, 12, 12))


def test_a_caller_may_read_the_account_instead(
    compiled: Compiled, recwarn: pytest.WarningsRecorder
) -> None:
    with unnotified():
        shock = compiled([Tariff(**OIL, set=0.1)])
    assert shock.ledger[0].idle
    assert not recwarn.list


def test_a_solve_warns_where_nothing_changes() -> None:
    economy = make_economy(3, 2, 1)
    one, two, *_ = economy.labels.regions
    sector = economy.labels.sectors[0]
    late = Embargo(importer=one, exporter=two, sectors=sector, start="2030-01-01")
    with pytest.warns(InertPolicyWarning):
        solution = tl.solve(economy, [late], on=date(2026, 1, 1))
    assert abs(tl.metrics.real_income(solution).values).max() < 1e-8
