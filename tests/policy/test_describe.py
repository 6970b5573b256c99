"""One plain line says what an instrument does."""

from __future__ import annotations

from typing import Any

import pytest

from tula.policy import describe, parse_instrument, title

OIL = {"importer": "IND", "exporter": "RUS", "sectors": "OIL"}


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ({"tariff": {**OIL, "add": 0.25}}, "IND: +25.0 pp import duty on OIL from RUS"),
        ({"tariff": {**OIL, "set": "12.5%"}}, "IND: 12.5% import duty on OIL from RUS"),
        (
            {"tariff": {**OIL, "add": "5 pp", "coverage": 0.8}},
            "IND: +5.0 pp (on 80.0% of trade) import duty on OIL from RUS",
        ),
        (
            {"export_tax": {**OIL, "importer": "all", "except_partners": "IND", "multiply": 2}},
            "RUS: x2 export tax on OIL sold to all regions (except IND)",
        ),
        ({"trade_cost": {**OIL, "add": "10%"}}, "IND: cost of delivering OIL from RUS x1.1"),
        (
            {"embargo": {**OIL, "both_ways": True}},
            "IND: no purchases of OIL from RUS, nor the other way",
        ),
        (
            {"import_cut": {**OIL, "cut": 0.35}},
            "IND: purchases of OIL from RUS capped at 65.0% of base, rent to the importer",
        ),
        (
            {"import_cap": {**OIL, "at": "65%", "name": "licences"}},
            "IND: purchases of OIL from RUS capped at 65.0% of base each, rent to the importer",
        ),
        (
            {"export_cap": {**OIL, "importer": "all", "except_partners": "IND", "cut": 0.2}},
            "RUS: sales of OIL to all regions (except IND) capped at 80.0% of base together, "
            "rent to the exporter",
        ),
        (
            {"price_cap": {**OIL, "at": 0.8, "rent_to": "nobody"}},
            "IND: price paid to RUS for OIL capped at 80.0% of base, the rent is lost",
        ),
        (
            {
                "migration": {
                    "from": "IND",
                    "to": "RUS",
                    "workers_thousand": 70,
                    "home_earnings_usd": 2400,
                    "host_earnings_usd": 6000,
                    "remitted": "30%",
                    "wanted_thousand": 50,
                    "elasticity": 2,
                }
            },
            "RUS: admits up to 70 thousand workers of IND, who earn 2,400 USD a year at home and "
            "6,000 there, and send 30.0% home; 50 thousand would go (elasticity 2)",
        ),
        (
            {"trade_agreement": {"members": ["IND", "EAEU"], "phase_in": 10, "year": 3}},
            "IND and EAEU: import duties on all sectors cut by 100.0% between them, "
            "phased in over 10 years, now in year 3",
        ),
        (
            {"productivity": {"region": "IND", "sectors": list("ABCDE"), "factor": 1.05}},
            "IND: productivity of 5 sectors x1.05",
        ),
        (
            {"tariff": {**OIL, "sectors": "goods", "except_sectors": list("ABCDEF"), "add": 0.25}},
            "IND: +25.0 pp import duty on goods except A, B, C, D, E, F from RUS",
        ),
        (
            {"labour": {"region": "RUS", "sectors": "SER", "change": "2%"}},
            "RUS: labour in SER x1.02",
        ),
        (
            {"transfer": {"payer": "USA", "receiver": "IND", "amount_musd": 5000}},
            "USA pays IND 5,000 million USD a year",
        ),
        (
            {"remittance": {"from": "RUS", "to": "IND", "amount_musd": 300, "end": "2026-12-31"}},
            "workers in RUS send 300 million USD a year home to IND (to 2026-12-31)",
        ),
    ],
)
def test_the_line_states_who_what_how_much_and_when(written: dict[str, Any], line: str) -> None:
    assert describe(parse_instrument(written)) == line


def test_a_title_leads_with_the_name() -> None:
    named = parse_instrument({"embargo": {**OIL, "name": "oil ban"}})
    assert title(named) == "oil ban: IND: no purchases of OIL from RUS"
