import re
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import factories
from tula.errors import UnknownNameError
from tula.evidence import errors_in
from tula.file.undecided import TEMPLATE
from tula.policy.duties import DutiesOfDay
from tula.study.effort import Effort
from tula.study.load import check_study, load_study
from tula.study.run import run_study
from tula.study.start import NotAloneError, begin, region_of, sides
from tula.world.economy import Economy
from tula.world.store import load_world, save_world

DAY = date(2025, 12, 12)


@pytest.fixture(scope="module")
def economy() -> Economy:
    return load_world("icio-2024")


def written(folder: Path, economy: Economy, world: str, *codes: str) -> Path:
    """The file of a study that is begun for a pivot and its rivals."""
    pivot, *rivals = codes
    for name, text in begin(
        "mine", economy, world, pivot, sides(economy, pivot, rivals, DAY), DAY
    ).items():
        (folder / name).write_bytes(text)
    return folder / "study.yaml"


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    """A study begun on a table of one's own that no table of duties knows."""
    economy = factories.toy_economy()
    save_world(economy, tmp_path / "toy.nc")
    return written(tmp_path, economy, "toy.nc", "IND", "USA", "RUS")


@pytest.mark.parametrize(
    "codes",
    [("BRA", "USA", "CHN"), ("KAZ", "RUS", "CHN"), ("MEX", "CHN", "USA"), ("BLR", "RUS", "REU")],
)
def test_a_begun_study_is_sound_for_any_pivot_and_rivals(
    codes: tuple[str, ...], economy: Economy, tmp_path: Path
) -> None:
    problems = check_study(written(tmp_path, economy, "icio-2024", *codes))
    assert not errors_in(problems)
    assert all("still the template's" in problem.message for problem in problems)


def test_two_rivals_are_told_as_two(economy: Economy, tmp_path: Path) -> None:
    """ "Between the United States and China and Hong Kong" would be three."""
    text = written(tmp_path, economy, "icio-2024", "VNM", "USA", "CHN").read_text("utf-8")
    assert "title: Vietnam between the United States and China\n" in text
    assert "Hong Kong" not in text


def test_flows_and_ties_are_those_of_the_table(economy: Economy) -> None:
    usa = sides(economy, "BRA", ("USA", "CHN"), DAY)[0]
    bra, there = (economy.labels.region_index(code) for code in ("BRA", "USA"))
    goods = [economy.labels.sector_index(code) for code in economy.labels.goods]
    assert usa.sold == pytest.approx(economy.trade[goods, there, bra].sum(), rel=1e-12)
    assert usa.bought == pytest.approx(economy.trade[goods, bra, there].sum(), rel=1e-12)
    largest = sorted(economy.trade[goods, bra, there])[::-1][: len(usa.inputs)]
    assert [part * usa.bought / 100.0 for _, part in usa.inputs] == pytest.approx(largest)
    assert sum(part for _, part in usa.inputs) >= 50.0


def test_the_scenario_of_today_brings_base_duties_to_those_of_the_day(
    economy: Economy, tmp_path: Path
) -> None:
    study = load_study(str(written(tmp_path, economy, "icio-2024", "BRA", "USA", "CHN")))
    day = DutiesOfDay(DAY).tariff(economy.labels, economy.tariff, economy.provenance)
    there, home = (economy.labels.region_index(code) for code in ("USA", "BRA"))
    added = np.zeros(len(economy.sectors))
    for one in study.instruments["TODAY"]:
        given = one.instrument.model_dump()
        places = [economy.labels.sector_index(code) for code in given["sectors"]]
        added[places] += float(given["add"])
    goods = np.isin(economy.sectors, economy.labels.goods)
    gap = (day - economy.tariff)[:, there, home] * goods
    assert added == pytest.approx(gap, abs=0.00101)
    assert added.max() > 0.4


def test_both_rivals_get_the_same_reach(toy: Path) -> None:
    beliefs = load_study(str(toy)).file.beliefs
    for name in ("duty", "chance", "months", "honoured", "less", "breaks-off"):
        one, other = beliefs[f"usa-{name}"], beliefs[f"rus-{name}"]
        assert (one.value, one.low, one.high) == (other.value, other.low, other.high)


def test_no_answer_is_given_while_a_number_is_the_templates(toy: Path) -> None:
    results = run_study(load_study(str(toy)), quick=True)
    assert results.answer is None
    told = results.manifest.undecided
    assert {"beliefs.usa-chance", "beliefs.rus-breaks-off", "answer.threats.usa-duty.now"} <= set(
        told
    )
    assert results.manifest.answer_failure == ""


def test_one_number_of_the_template_is_enough_for_no_answer(toy: Path) -> None:
    text = toy.read_text("utf-8")
    last = text.rindex(TEMPLATE)
    toy.write_text(text[:last].replace(TEMPLATE, "Decided:") + text[last:], "utf-8")
    results = run_study(load_study(str(toy)), quick=True)
    assert results.answer is None
    assert len(results.manifest.undecided) == 1


@pytest.mark.slow
def test_a_study_whose_numbers_are_decided_is_answered(toy: Path) -> None:
    text = toy.read_text("utf-8").replace(TEMPLATE, "Decided:")
    toy.write_text(text.replace("  since:", "  months: 2\n  since:"), "utf-8")
    results = run_study(load_study(str(toy)), quick=True, effort=Effort(8))
    assert results.manifest.answer_failure == ""
    assert results.answer is not None
    assert results.answer.rivals == ("USA", "RUS")


@pytest.mark.parametrize("name", ["NGA", "Poland", "Pakistan"])
def test_a_country_inside_a_group_is_sent_to_a_world_where_it_stands_alone(
    name: str, economy: Economy
) -> None:
    with pytest.raises(NotAloneError, match=r"is in .*--world icio-2022-countries"):
        region_of(economy.labels, name, "icio-2024")


def test_a_country_that_no_table_has_is_sent_nowhere(economy: Economy) -> None:
    with pytest.raises(UnknownNameError, match="what has none is in 'ROW'") as told:
        region_of(economy.labels, "Kenya", "icio-2024")
    assert "icio-2022-countries" not in str(told.value)


def test_a_name_that_is_none_is_answered_with_the_nearest(economy: Economy) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'BRA'"):
        region_of(economy.labels, "Brasil", "icio-2024")


def test_the_file_explains_itself_with_a_question_for_every_open_number(toy: Path) -> None:
    reasons = re.findall(rf'reason: "{TEMPLATE} (.*)"', toy.read_text("utf-8"))
    assert len(reasons) == 14
    assert all(reason.endswith("?") for reason in reasons)


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["NGA", *(pytest.param(n, marks=pytest.mark.long) for n in ("Poland", "Pakistan"))]
)
def test_in_the_world_of_countries_such_a_study_is_sound(name: str, tmp_path: Path) -> None:
    pytest.importorskip("sanction_simulator", reason="the world of countries needs it")
    world = "icio-2022-countries"
    economy = load_world(world)
    pivot = region_of(economy.labels, name, world)
    assert not errors_in(check_study(written(tmp_path, economy, world, pivot, "USA", "CHN")))
    assert sides(economy, pivot, ("USA",), DAY)[0].duties is not None
