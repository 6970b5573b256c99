from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tula.world.checks import CHECKS, UnsoundEconomyError, check_economy, require_sound
from tula.world.economy import Economy

DOCS = Path(__file__).resolve().parents[2] / "docs" / "checks.md"


def changed(economy: Economy, name: str, index: object, value: float) -> Economy:
    values = np.array(getattr(economy, name))
    values[index] = value
    return replace(economy, **{name: values})


def found(economy: Economy) -> set[str]:
    return {finding.check for finding in check_economy(economy)}


def test_docs_and_code_list_the_same_checks_with_the_same_level() -> None:
    text = DOCS.read_text(encoding="utf-8")
    documented = re.findall(r"^## `([a-z-]+)`\n\n(Strict|Warning)\.", text, flags=re.MULTILINE)
    assert documented == [(name, check.level.title()) for name, check in CHECKS.items()]


def test_a_sound_economy_has_no_findings(toy_economy: Economy) -> None:
    assert check_economy(toy_economy) == ()


BREAKS: dict[str, Callable[[Economy], Economy]] = {
    "not-a-number": lambda e: changed(e, "final", (0, 1, 2), np.nan),
    "negative-flow": lambda e: changed(e, "intermediate", (0, 1, 2, 0), -1.0),
    "duty-in-percent": lambda e: replace(e, tariff=e.tariff * 100),
    "duty-out-of-range": lambda e: changed(e, "export_tax", (0, 1, 2), -1.0),
    "elasticity-not-positive": lambda e: changed(e, "trade_elasticity", 0, 0.0),
    "region-without-income": lambda e: changed(e, "final", np.s_[:, :, 3], 0.0),
    "accounting-identity": lambda e: changed(e, "intermediate", (0, 0, 1, 0), 1e22),
    "value-added-below-floor": lambda e: changed(e, "intermediate", (0, 0, 1, 1), 1e5),
    "empty-node": lambda e: changed(changed(e, "final", (1, 0), 0), "intermediate", (1, 0), 0),
    "buyer-without-supplier": lambda e: changed(
        changed(e, "final", np.s_[:, 0, 2], 0.0), "intermediate", np.s_[:, 0, 2], 0.0
    ),
    "duty-negative": lambda e: changed(e, "tariff", (0, 1, 2), -0.1),
    "domestic-duty": lambda e: changed(e, "tariff", (0, 1, 1), 0.1),
    "elasticity-extreme": lambda e: changed(e, "trade_elasticity", 1, 64.85),
    "large-imbalance": lambda e: changed(e, "final", (0, 0, 1), 1e6),
    "unit-suspicion": lambda e: replace(e, final=e.final * 1e6, intermediate=e.intermediate * 1e6),
}


@pytest.mark.parametrize("name", CHECKS)
def test_each_check_finds_what_it_is_for(name: str, toy_economy: Economy) -> None:
    assert name in found(BREAKS[name](toy_economy))


def test_a_finding_names_place_count_and_remedy(toy_economy: Economy) -> None:
    (finding,) = check_economy(changed(toy_economy, "final", (0, 1, 2), -5.0), strict=True)
    assert str(finding) == (
        "[negative-flow] final IND/MAN to USA: -5 million USD is negative; 1 such cells. "
        "Move falls in stocks out of final demand at the source, by a stated rule, or import "
        "with negatives='zero' (--negatives zero)."
    )


def test_one_error_lists_every_strict_finding(toy_economy: Economy) -> None:
    broken = changed(toy_economy, "final", (0, 1, 2), np.inf)
    broken = changed(broken, "trade_elasticity", 2, -1.0)
    with pytest.raises(UnsoundEconomyError, match=r"(?s)2 strict.*not-a-number.*not-positive"):
        require_sound(broken)


def test_warnings_do_not_stop_anything(toy_economy: Economy) -> None:
    odd = changed(toy_economy, "tariff", (0, 1, 1), 0.1)
    assert found(odd) == {"domestic-duty"}
    assert check_economy(odd, strict=True) == ()
    require_sound(odd)
