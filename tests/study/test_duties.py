"""Duties of a day that a study stands on: its base, what is laid off and on, and what is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import factories
from strategy.answer import made
from toy_study import STUDY, write_study
from tula.equilibrium import calibrate, compile_policy, solve
from tula.equilibrium.day import duties_shock
from tula.errors import TulaError
from tula.evidence import Problem, errors_in
from tula.policy.duties import DutiesOfDay, read_duties
from tula.study import asked
from tula.study.collect import Case
from tula.study.load import check_study, load_study
from tula.study.run import Worlds, run_study
from tula.world.store import save_world

LAYERS = """\
layer,authority,importer,partner,sector,points_on_cell,start,end,law
wall,walls,USA,all,goods,20,2025-03-01,,Act 1
fence,fences,USA,IND,goods,15,2025-03-01,2025-12-31,Act 2
old,olds,USA,IND,goods,3,2018-01-01,2024-01-31,Act 0
"""
ON_DAY = "horizon: long run\nduties: layers.csv\nas_of: 2025-06-01\n"
WITHOUT = ON_DAY.replace("2025-06-01", "{day: 2025-06-01, without: [fence, 'wall:USA:IND']}")
LAST = "weigh:"
Written = Callable[[str], Path]


def standing(lines: str, scenarios: str = "") -> str:
    study = STUDY.replace("horizon: long run\n", lines)
    return study.replace(LAST, scenarios + LAST, 1) if scenarios else study


@pytest.fixture
def written(tmp_path: Path) -> Written:
    def write(study: str) -> Path:
        path = write_study(tmp_path, study)
        economy = factories.toy_economy()
        dated = replace(economy, provenance=replace(economy.provenance, vintage="2024"))
        save_world(dated, tmp_path / "toy.nc")
        (tmp_path / "layers.csv").write_text(LAYERS, encoding="utf-8")
        return path

    return write


def told(path: Path) -> list[Problem]:
    return check_study(path)


def test_the_effect_is_the_difference_of_two_solves_from_one_base_year(written: Written) -> None:
    study = load_study(str(written(standing(ON_DAY))))
    base = calibrate(study.economy)
    day = DutiesOfDay(study.file.as_of.day, study.table)  # type: ignore[union-attr]
    moved = duties_shock(base, day)
    question = [item.instrument for item in study.instruments["S1"]]
    both = compile_policy(replace(base, tariff=moved.tariff), question, study.file.on)
    before, after = solve(base, moved), solve(base, both)
    data = run_study(study, quick=True).data
    expected = 100.0 * (after.real_income_hat / before.real_income_hat - 1.0)
    found = data["real_income"].sel(scenario="S1", closure="fixed", elasticity="own")
    np.testing.assert_allclose(found, expected, atol=1e-8)


def test_as_of_the_base_day_nothing_is_other_than_without(written: Written) -> None:
    now = run_study(load_study(str(written(standing(ON_DAY.replace("2025-06-01", "2024-07-01"))))))
    plain = run_study(load_study(str(written(STUDY))))
    np.testing.assert_allclose(now.data["real_income"], plain.data["real_income"], atol=1e-8)


def test_a_layer_laid_off_between_two_places_stays_on_all_others(written: Written) -> None:
    study = load_study(str(written(standing(WITHOUT))))
    base = calibrate(study.economy)
    labels = base.labels
    usa, ind, row = (labels.region_index(code) for code in ("USA", "IND", "ROW"))
    tariff = study.standing.at_once(base).tariff - base.tariff
    goods = [labels.sector_index(code) for code in labels.resolve_sectors("goods")]
    np.testing.assert_allclose(tariff[goods, usa, ind], 0.0, atol=1e-12)
    np.testing.assert_allclose(tariff[goods, usa, row], 0.20, atol=1e-12)


def test_a_scenario_lays_on_what_the_base_lays_off_and_its_instruments_act_upon_it(
    written: Written,
) -> None:
    more = (
        "  - {id: L1, title: Walls, layers: 'wall:USA:IND'}\n"
        "  - {id: L2, title: Both acts, layers: [fence], combine: [L1, S1]}\n"
    )
    study = load_study(str(written(standing(WITHOUT, more))))
    ran = run_study(study, quick=True)
    rates = ran.data["pair_goods_tariff"].sel(importer="USA", exporter="IND", state="change")
    assert float(rates.sel(scenario="L1")) == pytest.approx(20.0)
    assert float(rates.sel(scenario="L2")) == pytest.approx(20.0 + 15.0 + 25.0)
    manifest = ran.manifest
    assert manifest.before == "duties as of 2025-06-01 without fence, wall:USA:IND"
    assert manifest.scenario("L1").after == "duties as of 2025-06-01 without fence"
    assert manifest.scenario("L2").after == "duties as of 2025-06-01"
    assert "Act 1" in manifest.scenario("L1").instruments[0].text
    assert manifest.scenario("S1").after == ""


def test_every_case_departs_from_the_world_that_has_adjusted_under_its_closure(
    written: Written,
) -> None:
    worlds = Worlds(load_study(str(written(standing(ON_DAY)))))
    fixed, balanced = (worlds.departure(name, "own") for name in ("fixed", "balanced"))
    assert fixed.provenance.steps[-1] == balanced.provenance.steps[-1] == "duties as of 2025-06-01"
    np.testing.assert_allclose(balanced.imbalance, 0.0, atol=1e-6)
    assert np.abs(fixed.imbalance).max() > 1.0


def test_worlds_share_a_policy_unless_base_trade_decides_how_much_it_does(written: Written) -> None:
    more = """\
  - id: A1
    title: Answered
    hook: India answers in kind, and takes as much duty.
    instruments:
      - {tariff: {importer: USA, exporter: IND, sectors: goods, add: 25 pp, evidence: [F01]}}
      - {retaliation: {importer: IND, exporter: USA, duty: 100%, evidence: [F01]}}
"""
    study = load_study(str(written(standing(ON_DAY, more))))
    worlds = Worlds(study)
    fixed, balanced = (worlds.departure(name, "own") for name in ("fixed", "balanced"))
    for scenario, shared in (("J", True), ("A1", False)):
        here, there = (worlds.shock(Case(scenario, name, "own")) for name in ("fixed", "balanced"))
        assert (here is there) is shared
        question = [item.instrument for item in study.instruments[scenario]]
        for world, shock in ((fixed, here), (balanced, there)):
            expected = compile_policy(world, question, study.file.on)
            np.testing.assert_array_equal(shock.tariff, expected.tariff)
            np.testing.assert_array_equal(shock.labour_hat, expected.labour_hat)


@pytest.mark.parametrize(
    ("lines", "text", "message"),
    [
        (ON_DAY.replace("layers.csv", "none.csv"), "duties:", "'none.csv': no such file"),
        (ON_DAY.replace("2025-06-01", "June"), "as_of:", "June"),
        (ON_DAY.replace("2025-06-01", "2017-06-01"), "as_of:", "begins on 2018-01-01"),
        (WITHOUT.replace("fence", "fense"), "as_of:", "did you mean 'fence'"),
        (WITHOUT.replace("USA:IND", "USA"), "as_of:", "wall:USA"),
        (WITHOUT.replace("USA:IND", "USA:INX"), "as_of:", "'INX'"),
        (WITHOUT.replace("day:", "dai:"), "as_of:", "dai"),
    ],
)
def test_faults_are_told_where_they_stand(
    written: Written, lines: str, text: str, message: str
) -> None:
    study = standing(lines)
    faults = errors_in(told(written(study)))
    assert faults
    assert all(one.place.line == study[: study.index(text)].count("\n") + 1 for one in faults)
    assert any(message in one.message for one in faults)


def test_a_layer_that_was_never_laid_off_cannot_be_laid_on(written: Written) -> None:
    study = standing(ON_DAY, "  - {id: L1, title: Walls, layers: [wall]}\n")
    (fault,) = errors_in(told(written(study)))
    assert "'wall' is not laid off" in fault.message
    assert fault.place.line == study[: study.index("id: L1")].count("\n") + 1


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (WITHOUT.replace("[fence,", "[old, fence,"), "old is not in force on 2025-06-01"),
        (ON_DAY + "on: 2025-01-01\n", "of a later day than the policy asked about"),
        (ON_DAY.replace("duties: layers.csv\n", "").replace("2025-06", "2031-06"), "August 2026"),
    ],
)
def test_what_is_odd_is_warned_of(written: Written, lines: str, message: str) -> None:
    problems = told(written(standing(lines)))
    assert any(one.warning and message in one.message for one in problems)


def test_other_layers_make_another_study(written: Written, tmp_path: Path) -> None:
    path = written(standing(ON_DAY))
    first = load_study(str(path)).content_hash
    (tmp_path / "layers.csv").write_text(LAYERS.replace(",20,", ",21,"), encoding="utf-8")
    assert load_study(str(path)).content_hash != first


def test_the_answer_reads_the_duties_of_the_study(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = load_study(str(written(standing(ON_DAY))))
    seen: dict[str, object] = {}

    def stop(*_: object, **given: object) -> None:
        seen.update(given)
        raise TulaError("seen enough")

    monkeypatch.setattr(asked, "begin", stop)
    monkeypatch.setattr(asked, "_question", lambda _: (made.block(), {}))
    with pytest.raises(TulaError, match="seen enough"):
        asked.answered(study, 8)
    assert seen["duties"] is study.table
    assert study.table.layers == read_duties(study.path.parent / "layers.csv").layers
