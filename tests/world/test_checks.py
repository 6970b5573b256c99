from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tula.world.checks import CHECKS, UNIT_CHECKS, UnsoundEconomyError, check_economy, require_sound
from tula.world.economy import Economy, stated_units
from tula.world.elasticities import trade_elasticity
from tula.world.labels import Labels
from tula.world.store import load_world

DOCS = Path(__file__).resolve().parents[2] / "docs" / "checks.md"


def changed(economy: Economy, name: str, index: object, value: float) -> Economy:
    values = np.array(getattr(economy, name))
    values[index] = value
    return replace(economy, **{name: values})


def scaled(economy: Economy, factor: float) -> Economy:
    return replace(
        economy, final=economy.final * factor, intermediate=economy.intermediate * factor
    )


def abroad(
    economy: Economy, regions: Iterable[int] = (), sectors: Iterable[int] = (), left: float = 0.0
) -> Economy:
    """The economy with home sales of some regions and sectors (all, unsaid) cut to a part."""
    n = list(regions) or range(len(economy.regions))
    flows = {name: np.array(getattr(economy, name)) for name in ("intermediate", "final")}
    for flow in flows.values():
        for s in list(sectors) or range(len(economy.sectors)):
            flow[n, s, n] *= left
    return replace(economy, **flows)


def found(economy: Economy) -> set[str]:
    return {finding.check for finding in check_economy(economy)}


def test_docs_and_code_list_the_same_checks_with_the_same_level() -> None:
    text = DOCS.read_text(encoding="utf-8")
    documented = re.findall(r"^## `([a-z-]+)`\n\n(Strict|Warning)\.", text, flags=re.MULTILINE)
    assert documented == [(name, check.level.title()) for name, check in CHECKS.items()]


def test_a_sound_economy_has_no_findings(toy_economy: Economy) -> None:
    assert check_economy(toy_economy) == ()


SIGMAS = trade_elasticity("FGO", ("AGR", "OIL", "CHM"))[0] + 1.0
BREAKS: dict[str, Callable[[Economy], Economy]] = {
    "not-a-number": lambda e: changed(e, "final", (0, 1, 2), np.nan),
    "negative-flow": lambda e: changed(e, "intermediate", (0, 1, 2, 0), -1.0),
    "duty-in-percent": lambda e: replace(e, tariff=e.tariff * 100),
    "duty-out-of-range": lambda e: changed(e, "export_tax", (0, 1, 2), -1.0),
    "elasticity-not-positive": lambda e: changed(e, "trade_elasticity", 0, 0.0),
    "region-without-income": lambda e: changed(e, "final", np.s_[:, :, 3], 0.0),
    "no-home-sales": lambda e: abroad(e, regions=(2,)),
    "sold-only-abroad": lambda e: abroad(e, regions=(2,), sectors=(1,)),
    "accounting-identity": lambda e: changed(e, "intermediate", (0, 0, 1, 0), 1e22),
    "value-added-below-floor": lambda e: changed(e, "intermediate", (0, 0, 1, 1), 1e5),
    "empty-node": lambda e: changed(changed(e, "final", (1, 0), 0), "intermediate", (1, 0), 0),
    "buyer-without-supplier": lambda e: changed(
        changed(e, "final", np.s_[:, 0, 2], 0.0), "intermediate", np.s_[:, 0, 2], 0.0
    ),
    "duty-negative": lambda e: changed(e, "tariff", (0, 1, 2), -0.1),
    "domestic-duty": lambda e: changed(e, "tariff", (0, 1, 1), 0.1),
    "unit-mismatch": lambda e: replace(scaled(e, 1e6), metadata={}),
    "duty-suspicion": lambda e: changed(e, "tariff", (0, 1, 2), 1.5),
    "elasticity-is-sigma": lambda e: replace(e, trade_elasticity=SIGMAS[: len(e.sectors)]),
    "elasticity-extreme": lambda e: changed(e, "trade_elasticity", 1, 64.85),
    "large-imbalance": lambda e: changed(e, "final", (0, 0, 1), 1e6),
    "unit-suspicion": lambda e: replace(e, metadata={}),
}


@pytest.mark.parametrize("name", CHECKS)
def test_each_check_finds_what_it_is_for(name: str, toy_economy: Economy) -> None:
    sectors = ("AGR", "OIL", "CHM") if name == "elasticity-is-sigma" else toy_economy.sectors
    named = replace(toy_economy, labels=Labels(toy_economy.regions, sectors))
    assert name in found(BREAKS[name](named))


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


# Units: what docs/checks.md promises of quantities whose unit is taken for granted.


@pytest.fixture(scope="module")
def known() -> Economy:
    return load_world("icio-2024")


@pytest.mark.parametrize("vintage", ["2024", "not stated"])
@pytest.mark.parametrize(
    ("factor", "unit"),
    [
        (1e-6, "trillion"),
        (1e-3, "billion"),
        (1e3, "thousand USD"),
        (1e6, "not million USD but USD"),
    ],
)
def test_a_world_in_another_unit_is_told_by_the_gdp_of_its_countries(
    known: Economy, factor: float, unit: str, vintage: str
) -> None:
    dated = replace(known, provenance=replace(known.provenance, vintage=vintage))
    (finding,) = check_economy(scaled(dated, factor), strict=True)
    assert finding.check == "unit-mismatch" and unit in finding.message


@pytest.mark.parametrize("regions", [("IND", "RUS"), ("USA", "CHN", "JPN", "BRA"), ("UKR", "BLR")])
@pytest.mark.parametrize("factor", [1e-3, 1e3])
def test_a_part_of_the_world_in_another_unit_is_told_too(
    known: Economy, regions: tuple[str, ...], factor: float
) -> None:
    part = part_of(known, regions)
    assert not {"unit-mismatch", "unit-suspicion"} & found(part)
    assert "unit-mismatch" in found(scaled(part, factor))


def part_of(economy: Economy, regions: tuple[str, ...]) -> Economy:
    """Some regions of a world, without their trade with the others."""
    at = [economy.labels.region_index(code) for code in regions]
    return replace(
        economy,
        labels=Labels(regions, economy.sectors),
        intermediate=economy.intermediate[np.ix_(at, range(len(economy.sectors)), at)],
        final=economy.final[np.ix_(at, range(len(economy.sectors)), at)],
        tariff=economy.tariff[:, at][:, :, at],
        export_tax=economy.export_tax[:, at][:, :, at],
    )


def test_a_table_of_another_year_is_not_taken_for_another_unit(known: Economy) -> None:
    for year, factor in ((1995, 0.29), (1970, 0.028), (2040, 2.0)):
        dated = replace(known, provenance=replace(known.provenance, vintage=str(year)))
        assert not {"unit-mismatch", "unit-suspicion"} & found(scaled(dated, factor))
        assert not {"unit-mismatch"} & found(scaled(known, max(factor, 0.03)))


def test_unknown_codes_in_billions_are_suspected_and_in_thousands_refused(known: Economy) -> None:
    codes = tuple(f"R{n:02d}" for n in range(len(known.regions)))
    nameless = replace(known, labels=Labels(codes, known.sectors))
    assert "unit-suspicion" in found(scaled(nameless, 1e-3))
    assert "unit-mismatch" in found(scaled(nameless, 1e3))
    assert not {"unit-mismatch", "unit-suspicion"} & found(nameless)


def test_a_stated_unit_is_believed_and_told_where_it_cannot_be(known: Economy) -> None:
    wrong = replace(scaled(known, 1e-3), metadata=stated_units(flows="million USD"))
    assert check_economy(wrong, strict=True) == ()
    assert "unit-suspicion" in found(wrong)


@pytest.mark.parametrize("name", ["tariff", "export_tax"])
@pytest.mark.parametrize("scale", [0.1, 1.0, 4.0])
def test_rates_in_percent_are_refused_however_low_they_are(
    known: Economy, name: str, scale: float
) -> None:
    rates = known.tariff * scale
    fine = replace(known, **{"tariff": 0.0 * rates, name: rates})
    percent = replace(fine, **{name: 100.0 * rates})
    assert "duty-in-percent" not in found(fine)
    assert [finding.check for finding in check_economy(percent, strict=True)] == ["duty-in-percent"]
    believed = replace(percent, metadata=stated_units(tariff="fraction", export_tax="fraction"))
    assert "duty-in-percent" not in found(believed)


@pytest.mark.parametrize("part", ["importer", "sector"])
def test_percent_in_one_importer_or_one_sector_is_refused(known: Economy, part: str) -> None:
    rates = np.array(known.tariff)
    cells = (
        np.s_[:, known.regions.index("IND")] if part == "importer" else known.sectors.index("TEX")
    )
    rates[cells] *= 100.0
    (finding,) = check_economy(replace(known, tariff=rates), strict=True)
    assert finding.check == "duty-in-percent"
    assert finding.place == f"tariff of {'IND' if part == 'importer' else 'TEX'}"


def test_a_single_prohibitive_duty_is_told_and_not_refused(known: Economy) -> None:
    peak = changed(known, "tariff", (known.sectors.index("FOO"), 0, 2), 1.5)
    assert check_economy(peak, strict=True) == ()
    assert "duty-suspicion" in found(peak)
    stated = stated_units(tariff="percent")
    assert "duty-suspicion" not in found(replace(peak, metadata=stated))
    hundredth = replace(known, tariff=known.tariff / 100.0, metadata=stated)
    assert "duty-suspicion" in found(hundredth)


def test_the_worlds_that_come_with_the_package_raise_no_question_of_units() -> None:
    for name in ("icio-2022", "icio-2024"):
        questions = {"unit-mismatch", *UNIT_CHECKS, "duty-in-percent"} & found(load_world(name))
        assert questions == set()


# Home sales: what a table of trade alone leaves out.


@pytest.mark.parametrize("left", [0.0, 1e-9])
def test_trade_without_home_sales_is_refused_in_whole_and_in_part(
    known: Economy, left: float
) -> None:
    india, rest = known.regions.index("IND"), known.regions.index("REU")
    most = range(1, len(known.sectors))
    for cut, place in (
        (abroad(known, left=left), "IND, RUS, USA, CHN, DEU and 28 more"),
        (abroad(known, regions=(rest,), left=left), "REU"),
        (abroad(known, regions=(india,), sectors=most, left=left), "IND"),
        (abroad(known, regions=(india,), sectors=range(13), left=left), "IND"),
        (abroad(known, sectors=(1, 5), left=left), "COA, TEX"),
        (abroad(known, regions=range(20), sectors=(5,), left=left), "TEX"),
    ):
        told = [f.place for f in check_economy(cut, strict=True) if f.check == "no-home-sales"]
        assert told == [place]


def test_goods_that_a_region_does_not_make_or_sells_only_abroad_are_no_missing_home_sales(
    known: Economy,
) -> None:
    oil, cars = known.sectors.index("OIL"), known.sectors.index("MOT")
    flows = {name: np.array(getattr(known, name)) for name in ("intermediate", "final")}
    for flow in flows.values():
        flow[2:, oil] = 0.0
        flow[-3:, cars] = 0.0
    assert not {"no-home-sales", "sold-only-abroad"} & found(replace(known, **flows))
    few = abroad(known, regions=range(10), sectors=(oil,))
    assert check_economy(few, strict=True) == ()
    assert "sold-only-abroad" in found(few)


def test_following_the_remedy_for_missing_home_sales_ends_the_finding(known: Economy) -> None:
    cut = abroad(known)
    assert "no-home-sales" in found(cut)
    home = known.output - (cut.intermediate.sum(axis=(2, 3)) + cut.final.sum(axis=2))
    flows = {"intermediate": np.array(cut.intermediate), "final": np.array(cut.final)}
    for n in range(len(known.regions)):
        flows["final"][n, :, n] = home[n] / 2
        flows["intermediate"][n, :, n, :] = home[n][:, None] / 2 / len(known.sectors)
    assert "no-home-sales" not in found(replace(cut, **flows))
