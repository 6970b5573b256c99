"""Duties as of a day: read, summed, and brought onto a world."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import tula as tl
from tula.equilibrium import calibrate, solve
from tula.equilibrium.day import duties_shock, on_day
from tula.errors import UnknownNameError
from tula.policy.duties import (
    DutiesOfDay,
    DutyDayError,
    DutyTable,
    LateDayWarning,
    duties_of_day,
    embedded_duties,
    read_duties,
)
from tula.policy.duties.tell import PairDuties
from tula.world.economy import Economy
from tula.world.problems import TableError

BASE_DAY, AUTUMN = date(2024, 7, 1), date(2025, 11, 17)
HEAD = "layer,importer,partner,sector,points_on_cell,start,end,stacking,rate_points,coverage\n"
Written = Callable[..., Path]


@pytest.fixture(scope="module")
def world() -> Economy:
    return tl.load_world("icio-2024")


@pytest.fixture
def written(tmp_path: Path) -> Written:
    def write(*rows: str, head: str = HEAD) -> Path:
        path = tmp_path / "mine.csv"
        path.write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
        return path

    return write


def cell(world: Economy, sector: str, importer: str, exporter: str) -> tuple[int, int, int]:
    labels = world.labels
    return (
        labels.sector_index(sector),
        labels.region_index(importer),
        labels.region_index(exporter),
    )


def test_as_of_the_base_day_nothing_moves(world: Economy) -> None:
    laid = DutiesOfDay(BASE_DAY).tariff(world.labels, world.tariff, world.provenance)
    np.testing.assert_array_equal(laid, world.tariff)
    base, today = calibrate(world), on_day(world, BASE_DAY)
    np.testing.assert_allclose(today.expenditure, base.expenditure, rtol=1e-9)


def test_a_cell_moves_by_the_layers_that_came_and_went(world: Economy) -> None:
    """Indian textiles in the United States: 25 points reciprocal and 25 of the penalty."""
    at = cell(world, "TEX", "USA", "IND")
    laid = DutiesOfDay(AUTUMN).tariff(world.labels, world.tariff, world.provenance)
    assert laid[at] - world.tariff[at] == pytest.approx(0.50, abs=5e-4)
    spared = DutiesOfDay(AUTUMN, without=("IEEPA-EO14329",))
    less = spared.tariff(world.labels, world.tariff, world.provenance)
    assert laid[at] - less[at] == pytest.approx(0.25, abs=5e-4)
    own = np.arange(len(world.regions))
    assert (laid[:, own, own] == world.tariff[:, own, own]).all()
    others = [one for one in own if world.regions[one] not in ("USA", "CHN", "CAN")]
    assert np.abs(laid[:, others] - world.tariff[:, others]).max() < 0.2


def test_a_layer_that_replaces_stands_alone(written: Written, world: Economy) -> None:
    table = read_duties(
        written(
            "MFN,USA,IND,TEX,10,2018-01-01,,adds,10,1",
            "extra,USA,IND,TEX,5,2025-01-01,,adds,5,1",
            "column 2,USA,IND,TEX,60,2025-06-01,,replaces,60,1",
            "general,CAN,RUS,TEX,35,2025-01-01,,replaces,35,1",
        )
    )
    labels, base = world.labels, np.array(world.tariff)

    def on(day: date, *at: str) -> float:
        laid = duties_of_day(table, labels, base, day, BASE_DAY)
        return float(laid[cell(world, *at)] - base[cell(world, *at)])

    assert on(date(2025, 3, 1), "TEX", "USA", "IND") == pytest.approx(0.05)
    assert on(date(2025, 7, 1), "TEX", "USA", "IND") == pytest.approx(0.50)
    canada = cell(world, "TEX", "CAN", "RUS")
    assert on(date(2025, 7, 1), "TEX", "CAN", "RUS") == pytest.approx(0.35 - base[canada])


def test_layers_taken_off_leave_no_negative_duty(written: Written, world: Economy) -> None:
    table = read_duties(written("old,USA,IND,goods,90,2020-01-01,2024-12-31,adds,90,1"))
    assert world.tariff[cell(world, "TEX", "USA", "IND")] > 0.0
    laid = duties_of_day(table, world.labels, world.tariff, AUTUMN, BASE_DAY)
    assert (laid >= 0.0).all()
    assert laid[cell(world, "TEX", "USA", "IND")] == 0.0


def test_a_question_has_the_effect_it_has_as_the_difference_of_two_solves(world: Economy) -> None:
    base, labels = calibrate(world), world.labels
    question = [tl.Tariff(importer="USA", exporter="CHN", sectors="goods", add=0.10)]
    rebased = solve(on_day(base, AUTUMN), question).real_income_hat
    before = duties_shock(base, DutiesOfDay(AUTUMN))
    tariff = np.array(before.tariff)
    goods = [labels.sector_index(code) for code in labels.sector_groups["goods"]]
    tariff[goods, labels.region_index("USA"), labels.region_index("CHN")] += 0.10
    both = solve(base, before.replace(tariff=tariff)).real_income_hat
    np.testing.assert_allclose(rebased, both / solve(base, before).real_income_hat, rtol=1e-10)


def test_the_sign_of_ten_points_on_china_turns_with_the_duties_in_force(world: Economy) -> None:
    question = [tl.Tariff(importer="USA", exporter="CHN", sectors="goods", add=0.10)]
    us = world.labels.region_index("USA")
    assert solve(on_day(world, date(2018, 1, 15)), question).real_income_hat[us] > 1.0
    assert solve(world, question).real_income_hat[us] < 1.0
    assert solve(on_day(world, AUTUMN), question).real_income_hat[us] < 1.0


def test_a_world_is_loaded_as_of_a_day(world: Economy) -> None:
    loaded = tl.load_world(as_of="2025-11-17")
    np.testing.assert_array_equal(loaded.tariff, on_day(world, AUTUMN).tariff)
    assert loaded.provenance.steps[-1] == "duties as of 2025-11-17"
    assert tl.load_world("icio-2024").provenance == world.provenance
    laid_off = tl.load_world(as_of=DutiesOfDay(AUTUMN, without=("IEEPA-EO14329",)))
    here = cell(world, "TEX", "USA", "IND")
    assert loaded.tariff[here] - laid_off.tariff[here] == pytest.approx(0.25, abs=5e-4)
    for text in ("17 November 2025", "20251117", ""):
        with pytest.raises(DutyDayError, match="write it as 2026-03-01"):
            tl.load_world(as_of=text)


def test_the_embedded_table_says_who_and_until_when() -> None:
    table = embedded_duties()
    assert (table.first_day, table.known_to) == (date(2018, 1, 1), date(2026, 8, 31))
    assert {layer.stacking for layer in table.layers} == {"adds", "floor", "replaces"}
    for layer in table.layers:
        assert layer.law and layer.grade in "ABC"
        assert {layer.importer, layer.partner} <= set(table.places)
        assert set(layer.source.split("+")) <= set(table.sources)


def test_days_out_of_reach_are_refused_or_told(world: Economy) -> None:
    base, origin = world.tariff, world.provenance
    with pytest.raises(DutyDayError, match="begins on 2018-01-01"):
        DutiesOfDay(date(2017, 12, 31)).tariff(world.labels, base, origin)
    with pytest.warns(LateDayWarning, match="ends with August 2026"):
        DutiesOfDay(date(2026, 9, 1)).tariff(world.labels, base, origin)
    with pytest.raises(UnknownNameError, match="did you mean 'S232-steel'"):
        DutiesOfDay(AUTUMN, without=("S232-steal",)).tariff(world.labels, base, origin)


def test_a_world_of_no_stated_year_or_of_other_codes_says_what_to_do(toy_economy: Economy) -> None:
    labels, base = toy_economy.labels, toy_economy.tariff
    undated = tl.world.economy.Provenance("mine", "recent")
    with pytest.raises(DutyDayError, match="base_day"):
        DutiesOfDay(AUTUMN).tariff(labels, base, undated)
    strange = DutyTable(embedded_duties().layers[:5], {}, {}, "a table")
    with pytest.raises(DutyDayError, match="nothing in a table fits this world"):
        duties_of_day(strange, labels, base, AUTUMN, BASE_DAY)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (["a,USA,IND,TEX,x,2025-01-01,,adds,,"], "points_on_cell is not a number: line 2 'x'"),
        (["a,USA,IND,TEX,5,January 2025,,adds,,"], "start is no day such as 2025-08-27: line 2"),
        (["a,USA,IND,TEX,5,2025-02-01,2025-01-01,adds,,"], "an end before its start: line 2"),
        (["a,USA,IND,TEX,5,2025-02-01,,adds,10,50"], "it is a share, not per cent"),
        (["a,USA,IND,TEX,5,2025-02-01,,adds,10,0.9"], "rate_points times coverage is not"),
        (["a,USA,IND,TEX,5,2025-02-01,,stacks,,"], "none of adds, floor, replaces"),
        (["a,USA,IND,TEX,2500,2025-02-01,,adds,,"], "percentage points are expected"),
        (["a,USA,IND,TEX,,2025-02-01,,adds,,"], "points_on_cell is empty: line 2"),
        (
            ["a,USA,IND,TEX,5,2025-01-01,,adds,,", "a,USA,IND,TEX,6,2025-02-01,,adds,,"],
            "rows of one layer on one cell overlap: lines 2 and 3",
        ),
        (
            ["a,USA,IND,TEX,.25,2025-01-01,,adds,,", "b,USA,IND,TEX,.1,2025-01-01,,adds,,"],
            "percentage points are expected, not fractions",
        ),
        (
            ["a\x1b[31m,USA,IND,TEX,5,2025-02-01,,adds,,"],
            "layer holds the control character U+001B",
        ),
        (["a,USA,IND,TEX,.25,2025-01-01,,adds,,"], "percentage points are expected, not fractions"),
        ([], "no layer of duty in it"),
    ],
)
def test_what_is_wrong_with_a_table_is_told_with_its_line(
    written: Written, rows: list[str], told: str
) -> None:
    with pytest.raises(TableError) as refused:
        read_duties(written(*rows))
    assert told in str(refused.value)


def test_missing_columns_are_named_beside_those_found(written: Written) -> None:
    with pytest.raises(
        TableError, match=r"no column points_on_cell, start.*found: layer, importer"
    ):
        read_duties(written("a,USA,IND,TEX", head="layer,importer,partner,sector\n"))


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (
            ["a,USA,CHN,goods,25,2025-01-01,,adds,,", "a,USA,CHN,AGR,25,2025-01-01,,adds,,"],
            "a of USA on CHN, AGR: its rows meet on one cell",
        ),
        (
            ["a,USA,CHN,AGR,25,2025-01-01,,replaces,,", "b,USA,CHN,AGR,35,2025-01-01,,replaces,,"],
            "two layers that replace all others meet",
        ),
        (
            ["a,USA,CHN,AGR,25,2025-01-01,,adds,,", "b,USA,CHX,AGR,35,2025-01-01,,adds,,"],
            "neither the table nor this world knows: CHX",
        ),
    ],
)
def test_layers_that_count_twice_or_nowhere_are_refused(
    written: Written, world: Economy, rows: list[str], told: str
) -> None:
    table = read_duties(written("old,USA,IND,TEX,0,2018-01-01,2018-12-31,adds,,", *rows))
    with pytest.raises(DutyDayError, match=told):
        duties_of_day(table, world.labels, world.tariff, AUTUMN, BASE_DAY)


@pytest.mark.slow
def test_the_embedded_layers_add_up_on_every_day(world: Economy) -> None:
    table = embedded_duties()
    for day in sorted({layer.start for layer in table.layers}):
        laid = duties_of_day(table, world.labels, world.tariff, day, BASE_DAY)
        assert (laid >= 0.0).all() and laid.max() < 2.5


def test_a_pair_is_told_by_sector_and_over_time(world: Economy) -> None:
    pair = PairDuties(embedded_duties(), world, "USA", "IND")
    rows = {row.sector: row for row in pair.on(AUTUMN)}
    textiles = rows["TEX"]
    assert textiles.points == pytest.approx(sum(points for _, points in textiles.parts))
    assert {layer.layer for layer, _ in textiles.parts} >= {"MFN", "IEEPA-EO14329"}
    turns = {turn.day: turn for turn in pair.turns()}
    assert turns[date(2025, 8, 27)].begun == ("IEEPA-EO14329",)
    assert "IEEPA-reciprocal" in turns[date(2026, 2, 24)].ended
    assert pair.average(date(2025, 8, 27)) - pair.average(date(2025, 8, 26)) > 10.0


def test_a_group_of_sellers_is_averaged_with_its_trade(world: Economy) -> None:
    table = embedded_duties()
    union = PairDuties(table, world, "USA", "EU").average(AUTUMN)
    parts = [PairDuties(table, world, "USA", one) for one in world.labels.region_groups["EU"]]
    weights = [float(one.trade[one.goods].sum()) for one in parts]
    mean = np.average([one.average(AUTUMN) for one in parts], weights=weights)
    assert union == pytest.approx(mean)
    with pytest.raises(DutyDayError, match="holds no layer of IND on RUS"):
        PairDuties(table, world, "IND", "RUS")


@pytest.mark.slow
def test_sectors_that_the_world_lacks_are_refused_not_left_out(
    written: Written, world: Economy
) -> None:
    mixed = read_duties(
        written("A,USA,CHN,goods,5,2020-01-01,,,,", "A,USA,CHN,cars,9,2020-01-01,,,,")
    )
    with pytest.raises(DutyDayError, match=r"sectors that this world lacks.*: cars; the world has"):
        on_day(world, DutiesOfDay(AUTUMN, mixed))
    with pytest.raises(DutyDayError, match=": cars;"):
        PairDuties(mixed, world, "USA", "CHN")
    with pytest.raises(DutyDayError, match="AGR, CHM"):
        on_day(tl.load_world("icio-2022-full"), AUTUMN)


def test_a_table_that_begins_late_is_cured_by_a_row_of_no_points(
    written: Written, world: Economy
) -> None:
    late = "A,USA,CHN,goods,10,2025-01-01,,,,"
    with pytest.raises(DutyDayError, match="a row of 0 points"):
        on_day(world, DutiesOfDay(AUTUMN, read_duties(written(late))))
    cured = read_duties(written("none,USA,CHN,goods,0,2024-01-01,,,,", late))
    here = cell(world, "TEX", "USA", "CHN")
    moved = on_day(world, DutiesOfDay(AUTUMN, cured)).tariff[here] - world.tariff[here]
    assert moved == pytest.approx(0.10)


def test_duties_of_a_day_are_not_put_on_twice(world: Economy) -> None:
    today = on_day(world, AUTUMN)
    with pytest.raises(DutyDayError, match="with the duties as of 2025-11-17 already"):
        on_day(today, AUTUMN)
    stated = on_day(today, DutiesOfDay(AUTUMN, base_day=AUTUMN))
    np.testing.assert_allclose(stated.tariff, today.tariff, atol=1e-12)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"day": "2025-11-17"}, r"day is '2025-11-17'; pass a date"),
        ({"day": None}, "day is None; pass a date"),
        ({"day": datetime(2025, 11, 17, 3)}, "day is datetime"),
        ({"day": AUTUMN, "base_day": "2024-07-01"}, "base_day is '2024-07-01'"),
        ({"day": AUTUMN, "without": "MFN"}, r"pass a tuple, \('MFN',\)"),
    ],
)
def test_days_and_names_of_another_type_are_told(words: dict[str, Any], told: str) -> None:
    # Around ``__init__``, whose types are checked while testing alone.
    given = SimpleNamespace(**{"base_day": None, "without": (), **words})
    with pytest.raises(TypeError, match=told):
        DutiesOfDay.__post_init__(given)  # type: ignore[arg-type]
