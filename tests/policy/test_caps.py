"""Ceilings on trade take one level, a recipient of the rent, and nothing that reads two ways."""

from __future__ import annotations

from typing import Any

import pytest

from tula.policy import ExportCap, ImportCap, InstrumentError, PriceCap, parse_instrument

OIL: dict[str, Any] = {"importer": "IND", "exporter": "RUS", "sectors": "OIL"}
KINDS = ("import_cap", "export_cap", "price_cap")


def refused(kind: str, **fields: Any) -> str:
    with pytest.raises(InstrumentError) as caught:
        parse_instrument({kind: {**OIL, **fields}})
    return str(caught.value)


def test_a_level_and_a_cut_are_the_same_ceiling() -> None:
    assert ImportCap(**OIL, at="65%").ceiling == 0.65
    assert ImportCap(**OIL, cut="35%").ceiling == ImportCap(**OIL, at=0.65).ceiling


def test_quantities_may_be_capped_above_the_base() -> None:
    assert ExportCap(**OIL, at="120%").ceiling == 1.2


@pytest.mark.parametrize("kind", KINDS)
def test_exactly_one_operator_is_asked(kind: str) -> None:
    assert "exactly one of at, cut; got none" in refused(kind)
    assert "got at and cut" in refused(kind, at=0.5, cut=0.5)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("fields", "hint"),
    [
        ({"at": 65}, "write '65%' or 0.65"),
        ({"at": -0.5}, "zero or more"),
        ({"at": "65 pp"}, "such as 0.65 or text such as '65%'"),
        ({"cut": 1.5}, "between 0 and 1"),
        ({"at": 1e-9}, "use an embargo"),
        ({"at": 0.5, "rent_to": "importers"}, "'importer', 'exporter' or 'nobody'"),
        ({"at": 0.5, "rent": "importer"}, "did you mean 'rent_to'"),
    ],
)
def test_what_reads_two_ways_or_is_unknown_is_refused(
    kind: str, fields: dict[str, Any], hint: str
) -> None:
    assert hint in refused(kind, **fields)


def test_a_price_of_zero_is_refused() -> None:
    assert "use an embargo" in refused("price_cap", at=0)
    assert "use an embargo" in refused("price_cap", cut="100%")


def test_a_price_cap_has_no_scope_to_choose() -> None:
    assert "unknown key" in refused("price_cap", at=0.8, together=True)


def test_rents_go_where_the_instrument_suggests_unless_told() -> None:
    kept = [kind(**OIL, at=0.8).rent_to for kind in (ImportCap, ExportCap, PriceCap)]
    assert kept == ["importer", "exporter", "importer"]
