"""Elasticity sets with a horizon and a technology: read, refused, run and told."""

from pathlib import Path

import numpy as np
import pytest

import factories
import tula as tl
from toy_study import STUDY, write_study
from tula.equilibrium.wording import describe
from tula.study.elasticities import calibrated
from tula.study.load import check_study, load_study
from tula.study.run import run_study
from tula.study.schema import ElasticitySet
from tula.study.technology import technology_of

OWN = "own: {set: world}"
GROUNDS = "low: 0.5, high: 20, reason: nobody knows"
SHARE = "low: 0.4, high: 0.6, reason: nobody knows"
SHORT = f"""\
own: {{set: world}}
  short:
    set: world
    horizon: {{years: 0.5, long_run: 3, evidence: [F01]}}
    technology:
      among_inputs: {{value: 0.2, low: 0, high: 20, reason: nobody knows}}
      transformation: {{value: 2, {GROUNDS}}}
      specific_factors: [{{sectors: OIL, share: {{value: 0.5, {SHARE}}}, regions: [RUS]}}]
      wage_floors: [{{regions: Region IND, ratio: {{value: 0.5, {SHARE}}}}}]
      buyers: [{{importer: west, sectors: goods, theta: {{value: 0.5, {GROUNDS}}}}}]
"""
STATED = tl.Technology(
    among_inputs=0.2,
    transformation=2.0,
    specific_factors=(tl.SpecificFactor("OIL", 0.5, ("RUS",)),),
    wage_floors=(tl.WageFloor("IND", 0.5),),
    buyers=(tl.BuyerElasticity("west", "goods", 0.5),),
)


def found(folder: Path, text: str) -> list[str]:
    return [str(problem) for problem in check_study(write_study(folder, STUDY.replace(OWN, text)))]


def test_a_set_states_the_fields_of_a_technology(tmp_path: Path) -> None:
    study = load_study(str(write_study(tmp_path, STUDY.replace(OWN, SHORT))))
    assert technology_of(study.file.elasticities["short"]) == STATED
    assert technology_of(study.file.elasticities["own"]) == tl.Technology()


def test_the_horizon_comes_after_the_set_and_the_source_names_all() -> None:
    chosen = ElasticitySet.model_validate_json(
        '{"set": "world", "sectors": {"OIL": 9}, "horizon": {"years": 1},'
        ' "technology": {"labour_mobility": 1}}'
    )
    world = factories.toy_economy()
    base = calibrated(world, chosen)
    theta = np.array(world.trade_elasticity)
    theta[world.labels.sector_index("OIL")] = 9.0
    then = tl.at_horizon(world.with_elasticity(theta, "drawn"), 1.0)
    np.testing.assert_allclose(base.trade_elasticity, then.trade_elasticity)
    assert base.technology == tl.Technology(labour_mobility=1.0)
    for part in ("OIL at 9", "at a horizon of 1 year", "technology: labour mobility"):
        assert part in base.elasticity_source


def test_a_technology_is_told_in_words() -> None:
    assert describe(tl.Technology()) == ""
    mine = tl.SpecificFactor(("A", "B", "C", "D", "E", "F"), 0.25)
    assert describe(tl.Technology(specific_factors=(mine,))) == (
        "25% of value added in A, B, C, D and 2 more specific to the sector"
    )
    assert describe(STATED) == (
        "substitution among inputs 0.2; exporters' transformation across destinations 2; "
        "50% of value added in OIL specific to the sector in RUS; money wages of IND not below "
        "50% of the base; theta of west for goods 0.5"
    )


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("horizon: {years: 1}", "horizon.years) rests on nothing"),
        ("horizon: {years: -1, evidence: [F01]}", "'years': must be zero or more"),
        (f"horizon: {{years: {{value: 25, {GROUNDS}}}}}", "25 lies outside its own range"),
        (
            "horizon: {years: 1, long_run: 0.5, evidence: [F01]}",
            "the long run must exceed the short one",
        ),
        ("technology: {among_inputs: {value: 0.2}}", "among_inputs) rests on nothing"),
        ("technology: {among_inputs: 0.2}", "among_inputs) rests on nothing"),
        (f"technology: {{among_inptus: {{value: 1, {GROUNDS}}}}}", "did you mean 'among_inputs'"),
        (f"technology: {{among_inputs: {{value: 21, {GROUNDS}}}}}", "21 lies outside"),
        (f"technology: {{among_energy: {{value: 1, {GROUNDS}}}}}", "has no group 'energy'"),
        (
            "technology: {buyers: [{importer: USS, sectors: OIL, theta: 1}]}",
            "unknown region 'USS'; did you mean 'USA'",
        ),
        (
            "technology: {buyers: [{importer: USA, sectors: OIL, theta: {low: 0, high: 1}}]}",
            "'theta': must be above 0 and at most 100; got 0.5 (0 to 1)",
        ),
        ("technology: {wage_floors: [{regions: IND, ratio: 1}]}", "ratio) rests on nothing"),
        (
            f"technology: {{specific_factors: [{{sectors: OYL, share: {{value: 0.5, {SHARE}}}}}]}}",
            "unknown sector 'OYL'; did you mean 'OIL'",
        ),
    ],
)
def test_a_technology_without_name_grounds_or_range_is_refused_with_its_line(
    tmp_path: Path, block: str, expected: str
) -> None:
    told = found(tmp_path, f"own: {{set: world, {block}}}")
    line = STUDY[: STUDY.index(OWN)].count("\n") + 1
    assert any(expected in problem and f"study.yaml:{line}:" in problem for problem in told), told


def test_every_problem_of_a_technology_is_told_at_once(tmp_path: Path) -> None:
    broken = SHORT.replace("Region IND, ratio", "IMD, ratio")
    broken = broken.replace("{value: 0.5, low: 0.5", "{value: 50, low: 0.5")
    told = found(tmp_path, broken.replace("value: 0.2", "value: 20.5"))
    for part in ("unknown region 'IMD'", "50 lies outside", "20.5 lies outside"):
        assert any(part in problem for problem in told), told


def test_a_run_names_the_technology_its_assumptions_and_the_warnings(tmp_path: Path) -> None:
    text = SHORT.replace("years: 0.5", "years: 0").replace("long_run: 3, ", "")
    study = STUDY.replace(OWN, text).replace("closures: [fixed, balanced]", "closures: [fixed]")
    results = run_study(load_study(str(write_study(tmp_path, study))))
    manifest = results.manifest
    assert not any(scenario.failures for scenario in manifest.scenarios)
    assert "substitution among inputs 0.2" in manifest.elasticities["short"]
    assert "at a horizon of 0 years" in manifest.elasticities["short"]
    assert "technology" not in manifest.elasticities["own"]
    assumed = {record.key: record.value.split()[0] for record in manifest.assumptions}
    assert assumed["elasticities.short.technology.among_inputs"] == "0.2"
    assert assumed["elasticities.short.technology.buyers.0.theta"] == "0.5"
    (note,) = [text for text in manifest.scenario("S1").notes if "more than one" in text]
    assert note.startswith("Elasticities of substitution go down to 0.76")
    assert note.endswith("(short, fixed closure).")
    income = results.data.real_income.sel(scenario="S1", closure="fixed", region="IND")
    assert float(income.sel(elasticity="short")) != float(income.sel(elasticity="own"))
