"""Schedules of duties as layers: made files in every layout people hold."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tula.errors import UnknownNameError
from tula.policy.duties import DutiesOfDay, read_duties
from tula.policy.duties.schedules import (
    Schedule,
    ScheduleSettings,
    import_schedule,
    write_duties,
)
from tula.policy.duties.schedules.concordance import (
    hs_table,
    sector_places,
    sectors_of,
    subheadings,
)
from tula.world.codes import labels
from tula.world.importers import TableError
from tula.world.store import load_world

LABELS = labels()


def schedule(folder: Path, kind: str, text: str, **settings: Any) -> Schedule:
    path = folder / "schedule.csv"
    path.write_text(text, encoding="utf-8")
    return import_schedule(path, kind, LABELS, ScheduleSettings(**settings))


def rate(found: Schedule, day: date = date(2026, 1, 1), **cell: str) -> float | None:
    """Points of one cell on a day; None where no layer is in force there."""
    meant = [
        one.points_on_cell
        for one in found.layers
        if one.in_force(day) and all(getattr(one, key) == value for key, value in cell.items())
    ]
    assert len(meant) <= 1
    return meant[0] if meant else None


#: The industry of origin of well-known goods in the Central Product Classification.
ORIGIN = {
    "AGR": "100199 030214 030119 440320",
    "FOO": "020130 030389",
    "OIL": "270900 271111",
    "PET": "271019",
    "COA": "270112",
    "MIN": "260111 710231",
    "PHA": "300490 293712",
    "CHM": "310210 390120",
    "RPM": "392690 401110 252329",
    "WPP": "440710 480100",
    "TEX": "610910 640399",
    "OMF": "710239 711319 901890 940360 950300",
    "NFM": "710812 740311 760120",
    "ISM": "720839",
    "FMP": "730890",
    "ELE": "847130 851713 854231",
    "MAC": "850760 842952",
    "MOT": "870323 870899",
    "OTE": "871120 880240 890120",
}


@pytest.mark.parametrize("sector", ORIGIN)
def test_goods_are_made_by_their_industry(sector: str) -> None:
    places = sector_places(LABELS)
    for code in ORIGIN[sector].split():
        assert sectors_of(code, hs_table(), places) == (sector,), code


def test_national_chapters_have_no_industry() -> None:
    for code in ("99038803", "98010010"):
        assert sectors_of(code, hs_table(), sector_places(LABELS)) == ()


def test_every_subheading_of_the_harmonised_system_of_2022_is_counted() -> None:
    assert sum(subheadings().values()) == 5612


MIXED = """importer,partner,hs,rate (%),start,end,layer
USA,all,0101.21,4,2018-01-01,,MFN
USA,all,8703.23.00,2.5,2018-01-01,,MFN
USA,all,87032400,7.5,2018-01-01,2025-06-30,MFN
USA,all,87032400,1.5,2025-07-01,,MFN
USA,MEX,87032300,0,2018-01-01,,MFN
USA,Malaysia,01012100,18,2018-01-01,,MFN
USA,all,99038803,7,2018-01-01,,MFN
"""


def test_lines_are_averaged_by_sector_partner_and_period(tmp_path: Path) -> None:
    found = schedule(tmp_path, "lines", MIXED)
    cars = {"importer": "USA", "sector": "MOT"}
    assert rate(found, date(2025, 6, 30), partner="JPN", **cars) == 5.0
    assert rate(found, date(2025, 7, 1), partner="JPN", **cars) == 2.0
    assert rate(found, date(2025, 6, 30), partner="MEX", **cars) == 3.75
    # one of seven countries pays 18, six pay 4
    assert rate(found, importer="USA", partner="OAS", sector="AGR") == pytest.approx(6.0)
    assert not [one for one in found.layers if one.partner == "USA"]
    assert found.coverage.lines == 7 and found.coverage.placed == 6
    assert found.coverage.unplaced == {"99": 1}
    told = " ".join(found.notes)
    assert "6 of 7 lines found a sector" in told and "99 (1)" in told
    assert "simple averages over subheadings" in told and "region: OAS" in told


def test_what_is_written_reads_back_and_moves_a_world(tmp_path: Path) -> None:
    found = schedule(tmp_path, "lines", MIXED)
    layers = read_duties(write_duties(found.layers, tmp_path / "layers.csv"))
    assert layers.layers == found.layers
    world = load_world("icio-2024")
    day = DutiesOfDay(date(2025, 1, 1), layers, base_day=date(2025, 7, 1))
    moved = day.tariff(world.labels, world.tariff, world.provenance) - world.tariff
    place = world.labels.sector_index("MOT"), world.labels.region_index("USA")
    assert moved[(*place, world.labels.region_index("JPN"))] == pytest.approx(0.03)
    assert abs(moved).sum() == pytest.approx(abs(moved[place]).sum())


def test_trade_weighs_lines_and_what_a_list_leaves_out(tmp_path: Path) -> None:
    weights = tmp_path / "trade.csv"
    weights.write_text("hs6,imports,partner\n870323,300,CHN\n870324,100,CHN\n854231,50,CHN\n")
    text = "hs,rate_percent\n870323,10\n"
    given: dict[str, Any] = {"importer": "USA", "partner": "CHN", "start": date(2018, 1, 1)}
    act = schedule(tmp_path, "lines", text, layer="S301-X", weights=weights, **given)
    assert rate(act, sector="MOT") == 7.5
    assert act.layers[0].rate_points == 10.0 and act.layers[0].coverage == 0.75
    assert act.coverage.trade == pytest.approx(300 / 450)
    ordinary = schedule(tmp_path, "lines", text, weights=weights, **given)
    assert rate(ordinary, sector="MOT") == 10.0
    unweighted = schedule(tmp_path, "lines", text, layer="S301-X", **given)
    assert rate(unweighted, sector="MOT") == pytest.approx(10.0 / 82, abs=1e-4)


def test_a_table_that_begins_late_can_say_that_nothing_was_in_force(tmp_path: Path) -> None:
    text = "importer,partner,hs,rate (%),start,layer\nUSA,CHN,870323,25,2025-03-04,X\n"
    late = schedule(tmp_path, "lines", text)
    assert "it begins on 2025-03-04" in " ".join(late.notes)
    found = schedule(tmp_path, "lines", text, since=date(2018, 1, 1))
    assert rate(found, date(2024, 7, 1), partner="CHN", sector="MOT") == 0.0
    assert rate(found, date(2025, 3, 4), partner="CHN", sector="MOT") == pytest.approx(
        25 / 82, abs=1e-4
    )


TETI = """iso1,iso2,year,sector,tariff,mfn
IND,USA,2019,1711,12.5,14
IND,USA,2021,1711,11.5,12
IND,CHN,2021,242,10,
ESP,USA,2021,15,5,
PRT,USA,2021,15,7,
"""


def test_the_global_tariff_database_is_read_by_year_and_activity(tmp_path: Path) -> None:
    found = schedule(tmp_path, "teti", TETI, duty_unit="percent")
    assert rate(found, date(2020, 12, 31), importer="IND", partner="USA", sector="TEX") == 12.5
    assert rate(found, importer="IND", partner="USA", sector="TEX") == 11.5
    # three digits of activity do not part medicines from chemicals
    assert {one.sector for one in found.layers if one.partner == "CHN"} == {"CHM", "PHA"}
    assert rate(found, importer="REU", sector="FOO") == 6.0
    assert "no rows of 2020: the year before stands in" in " ".join(found.notes)
    mfn = schedule(
        tmp_path, "teti", TETI.replace(",\n", ",0\n"), duty_unit="percent", column="mfn", year=2019
    )
    assert rate(mfn, importer="IND", sector="TEX") == 14.0


WITS = """Nomen Code,Reporter Name,Year,Partner Name,Product,DutyType,Simple Average,Imports Value
HS,India,2022,World,870323,MFN,70,100
HS,India,2022,World,870899,MFN,10,300
HS,India,2022,World,870899,BND,40,300
HS,India,2022,"Korea, Rep.",870899,AHS,5,10
"""


def test_tables_of_wits_are_in_per_cent_and_of_one_type_of_duty(tmp_path: Path) -> None:
    found = schedule(tmp_path, "wits", WITS, duty_type="MFN")
    assert rate(found, importer="IND", partner="KOR", sector="MOT") == 25.0
    assert "AHS, BND left out" in " ".join(found.notes)
    applied = schedule(tmp_path, "wits", WITS)
    assert [(one.partner, one.points_on_cell) for one in applied.layers] == [("KOR", 5.0)]
    with pytest.raises(TableError, match="another nomenclature"):
        schedule(tmp_path, "wits", WITS.replace("HS,India", "GP,India"))


COUNTRIES = """date,country_name,effective tariff,total imports,2024 tariff
2025-02-04,CHINA,20.0,1,10
2025-02-04,EUROPEAN UNION,0,1,1
2025-03-12,CHINA,20.3,1,10
2025-03-12,EUROPEAN UNION,0.7,1,1
2025-03-13,EUROPEAN UNION,0.7,1,1
2025-03-12,"KOREA, SOUTH",1.4,1,1
"""


def test_a_tracker_by_country_becomes_spans_on_all_goods(tmp_path: Path) -> None:
    given: dict[str, Any] = {"importer": "USA", "duty_unit": "percent"}
    found = schedule(tmp_path, "country-tracker", COUNTRIES, **given)
    china = [one for one in found.layers if one.partner == "CHN"]
    assert [(one.points_on_cell, one.start, one.end) for one in china] == [
        (20.0, date(2025, 2, 4), date(2025, 3, 11)),
        (20.3, date(2025, 3, 12), None),
    ]
    assert rate(found, partner="FRA") == 0.7 and china[0].sector == "goods"
    whole = COUNTRIES.replace("effective tariff", "weighted_etr")
    assert {
        one.stacking for one in schedule(tmp_path, "country-tracker", whole, **given).layers
    } == {"replaces"}
    with pytest.raises(TableError, match="whole duty or what is added"):
        schedule(
            tmp_path, "country-tracker", COUNTRIES.replace("effective tariff", "rate"), **given
        )


AUTHORITIES = """date,revision,mean_232,etr_232,etr_ieepa,etr_base
2025-01-01,basic,0.22,0.004,0,0.01
2025-01-02,basic,0.22,0.004,0,0.01
2025-04-05,rev,0.22,0.014,0.1,0.01
"""


def test_a_tracker_by_authority_is_read_wide_and_long(tmp_path: Path) -> None:
    wide = schedule(tmp_path, "authority-tracker", AUTHORITIES, importer="USA")
    assert rate(wide, partner="IND", layer="S232") == pytest.approx(1.4)
    assert rate(wide, partner="IND", layer="IEEPA-reciprocal") == pytest.approx(10.0)
    assert rate(wide, date(2025, 2, 1), partner="IND", layer="MFN") == pytest.approx(1.0)
    rows = "date,authority,rate (%)\n2025-01-01,section_232,0.4\n2025-04-05,section_232,1.4\n"
    long = schedule(tmp_path, "authority-tracker", rows, importer="USA")
    assert rate(long, partner="IND", layer="S232") == pytest.approx(1.4)


@pytest.mark.parametrize(
    ("kind", "text", "settings", "told"),
    [
        ("lines", "hs,rate (%)\n10121,5\n", {}, "lost its leading zero: write 010121.*line 2"),
        ("lines", "hs,rate (%)\n101210.0,5\n", {}, "written as a number.*line 2"),
        ("lines", "hs,rate (%)\n87,5\n", {}, "no code of the Harmonised System.*line 2"),
        ("lines", "hs,rate (%)\n870323,x\n", {}, "rate is not a number: line 2"),
        ("lines", "hs,rate\n870323,0.25\n", {}, "unit of rate is not stated.*--duty-unit fraction"),
        ("lines", "hs,rate\n870323,25\n", {}, "unit of rate is not stated.*--duty-unit percent"),
        (
            "lines",
            "hs,rate (%)\n870323,0.25\n",
            {},
            "these are fractions; say --duty-unit fraction",
        ),
        (
            "lines",
            "hs,rate\n870323,25\n",
            {"duty_unit": "fraction"},
            "say --duty-unit percent.*line 2",
        ),
        (
            "lines",
            "hs,rate (%)\n870323,5\n870323,6\n",
            {},
            "twice for the same days.*lines 2 and 3",
        ),
        ("lines", "hs,rate (%)\n870323,5\n87032310,6\n", {}, "longer code.*lines 2 and 3"),
        ("lines", "hs,rate (%),start\n870323,5,2018-13-01\n", {}, "start is no day.*line 2"),
        ("lines", "hs,rate (%),end\n870323,5,2017-01-01\n", {}, "end before its start: line 2"),
        ("lines", "hs,rate (%),partner\n870323,5,Chinna\n", {}, "unknown place 'Chinna'.*line 2"),
        ("lines", "hs,duty free\n870323,5\n", {}, "no column for rate"),
        ("lines", "hs;rate\n870323;5\n", {}, "divided by semicolons"),
        ("lines", "hs,rate (%)\n99038803,5\n", {}, "no line of it reaches a sector"),
        ("teti", "iso1,iso2,year,tariff\nIND,USA,2020,5\n", {}, "one column of goods is needed"),
        (
            "teti",
            TETI,
            {"duty_unit": "percent", "year": 2018},
            "no rows of 2018; it has 2019, 2021",
        ),
        (
            "authority-tracker",
            "date,etr_ieppa\n2025-01-01,0.2\n",
            {},
            "authority 'ieppa'; did you mean 'ieepa'",
        ),
        (
            "authority-tracker",
            "date,rate\n2025-01-01,0.2\n",
            {"importer": ""},
            "whose duties are these",
        ),
        (
            "country-tracker",
            COUNTRIES + "2025-02-04,CHINA,3,1,1\n",
            {"duty_unit": "percent"},
            "day stands twice.*line 8",
        ),
    ],
)
def test_what_cannot_be_right_is_refused_with_its_line(
    tmp_path: Path, kind: str, text: str, settings: dict[str, Any], told: str
) -> None:
    given: dict[str, Any] = {"importer": "USA", "start": date(2018, 1, 1)} | settings
    with pytest.raises(Exception, match=f"(?s){told}"):
        schedule(tmp_path, kind, text, **given)


def test_the_remedies_that_are_named_work(tmp_path: Path) -> None:
    given: dict[str, Any] = {"importer": "USA", "start": date(2018, 1, 1)}
    short = schedule(tmp_path, "lines", "hs,rate (%)\n10121,5\n", restore_zeros=True, **given)
    assert rate(short, partner="CHN", sector="AGR") == 5.0
    parts = schedule(tmp_path, "lines", "hs,rate\n870323,0.25\n", duty_unit="fraction", **given)
    assert rate(parts, partner="CHN", sector="MOT") == 25.0


def test_gaps_between_periods_are_told(tmp_path: Path) -> None:
    text = "hs,rate (%),start,end\n870323,5,2018-01-01,2018-12-31\n870323,6,2019-03-01,\n"
    told = schedule(tmp_path, "lines", text, importer="USA").notes
    assert "not in force between two periods: 1 times, first 870323 from 2019-01-01" in told[0]


def test_two_spellings_are_one_country_and_free_is_nothing(tmp_path: Path) -> None:
    text = "importer,partner,hs,rate,start\nUSA,all,870323,2.5%,2018-01-01\n"
    free = schedule(tmp_path, "lines", text + "US,all,870324,Free,2018-01-01\n")
    assert rate(free, importer="USA", partner="JPN", sector="MOT") == 1.25
    with pytest.raises(TableError, match=r"twice for the same days.*lines 2 and 3"):
        schedule(tmp_path, "lines", text + "United States,all,870323,5%,2018-01-01\n")


def test_a_layer_rests_on_one_authority(tmp_path: Path) -> None:
    text = "importer,hs,rate (%),start,layer,authority\nUSA,870323,5,2018-01-01,X,S301\n"
    with pytest.raises(TableError, match=r"layer 'X' rests on several.*line 2 \(S301\), line 3"):
        schedule(tmp_path, "lines", text + "USA,870324,5,2018-01-01,X,S232\n")


def test_an_unknown_layout_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'wits'"):
        schedule(tmp_path, "wit", WITS)
