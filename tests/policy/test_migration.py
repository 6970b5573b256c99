"""Workers admitted by one region from another compile to a corridor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tula.policy import InstrumentError, Migration, SelectionError, Shock, parse_instrument

Compiled = Callable[..., Shock]
ACCORD: dict[str, Any] = {
    "from_": "IND",
    "to": "RUS",
    "workers_thousand": 70,
    "home_earnings_usd": 2400,
    "host_earnings_usd": 6000,
}


def refused(**changes: Any) -> str:
    with pytest.raises(InstrumentError) as caught:
        Migration(**{**ACCORD, **changes})
    return str(caught.value)


def test_thousand_workers_at_usd_a_year_are_valued_in_million_usd(compiled: Compiled) -> None:
    (corridor,) = compiled([Migration(**ACCORD, remitted="30%")]).corridors
    assert (corridor.source, corridor.host) == (0, 1)
    assert corridor.home_value == pytest.approx(70e3 * 2400 / 1e6)
    assert corridor.host_value == pytest.approx(70e3 * 6000 / 1e6)
    assert corridor.remitted == pytest.approx(0.3)


def test_without_those_who_want_to_go_the_quota_is_filled(compiled: Compiled) -> None:
    (corridor,) = compiled([Migration(**ACCORD)]).corridors
    assert np.isinf(corridor.wanted)
    assert corridor.elasticity == 0.0


def test_those_who_want_to_go_are_a_ratio_to_the_quota(compiled: Compiled) -> None:
    (corridor,) = compiled([Migration(**ACCORD, wanted_thousand=35, elasticity=2)]).corridors
    assert corridor.wanted == pytest.approx(0.5)
    assert corridor.elasticity == 2.0


def test_quotas_of_one_pair_stand_side_by_side(compiled: Compiled) -> None:
    skilled = Migration(**{**ACCORD, "workers_thousand": 5, "host_earnings_usd": 20000})
    shock = compiled([Migration(**ACCORD), skilled])
    assert [one.host_value for one in shock.corridors] == pytest.approx([100.0, 420.0])
    assert "meets #2 on 1 cell: the quotas add up" in shock.ledger[0].note


def test_the_ledger_states_what_the_workers_are_worth(compiled: Compiled) -> None:
    note = compiled([Migration(**ACCORD)]).ledger[0].note
    assert note == "worth 168 million USD a year at home and 420 in the host, at base wages"


def test_files_write_from_as_a_key() -> None:
    fields = {key: value for key, value in ACCORD.items() if key != "from_"}
    assert parse_instrument({"migration": {"from": "IND", **fields}}) == Migration(**ACCORD)


@pytest.mark.parametrize(
    ("changes", "hint"),
    [
        ({"to": "IND"}, "cannot admit its own workers"),
        ({"elasticity": 2}, "needs wanted_thousand"),
        ({"workers_thousand": 70e6}, "give thousand"),
        ({"workers_thousand": 0}, "above 0"),
        ({"home_earnings_usd": 2.4}, "per worker and year"),
        ({"host_earnings_usd": 6e6}, "per worker and year"),
        ({"remitted": 30}, "'30%'"),
        ({"workers": 70}, "did you mean 'workers_thousand'"),
    ],
)
def test_wrong_units_and_unknown_keys_are_refused(changes: dict[str, Any], hint: str) -> None:
    assert hint in refused(**changes)


def test_a_group_is_no_side_of_a_corridor(compiled: Compiled) -> None:
    with pytest.raises(SelectionError, match="to: 'EAEU' is 2 regions: name one"):
        compiled([Migration(**{**ACCORD, "to": "EAEU"})])
