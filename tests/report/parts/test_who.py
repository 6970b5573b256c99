import csv
from collections.abc import Callable
from io import StringIO

import made_answer
from tula.report import render
from tula.report.part import csv as written
from tula.report.parts.who.part import Who
from tula.report.view import View

Answered = Callable[..., View]


def test_households_of_pivot_rivals_and_others_are_told_in_money_and_percent(
    answered: Answered,
) -> None:
    rows = Who(answered()).table.rows
    assert [row.label for row in rows] == ["India", "United States", "Russia", "China"]
    assert rows[0].cells == ("−6.00\n−0.15%", "−7.70\n−0.19%")
    assert rows[3].cells == ("+0.0004\n<0.001%", "+0.0004\n<0.001%")


def test_the_sentence_tells_the_first_case(answered: Answered) -> None:
    text = render(answered().results)
    assert "<em>firms heed the listing</em>, households of India pay 6.0 bn USD a year" in text
    assert "textiles pays most, 2.0 bn USD (" in text


def test_the_sector_hit_hardest_for_its_size_is_told_beside_the_one_that_pays_most(
    answered: Answered,
) -> None:
    first, *rest = made_answer.WHO
    large, *others = sorted(first.sectors, key=lambda one: one.change)
    small = large.model_copy(
        update={"id": "JEW", "title": "Jewellery", "change": -0.1, "percent": -9.0}
    )
    view = answered(who=(first.model_copy(update={"sectors": (large, small, *others)}), *rest))
    assert "and for its size jewellery (9.0%)." in render(view.results)
    assert "for its size" not in render(answered().results)


def test_sectors_that_pay_stand_first_in_the_picture(answered: Answered) -> None:
    label = Who(answered()).chart.wide
    assert label.index("Textiles: −2.00") < label.index("Farms: +0.5")


def test_every_sector_and_region_of_every_case_can_be_taken(answered: Answered) -> None:
    part = Who(answered())
    for name, field in (("who-sectors", "sectors"), ("who-households", "households")):
        rows = list(csv.DictReader(StringIO(written(part.taken[name]))))
        cells = [(case.id, cell) for case in made_answer.WHO for cell in getattr(case, field)]
        assert [(row["case"], row["id"]) for row in rows] == [(c, cell.id) for c, cell in cells]
        assert [float(row["change"]) for row in rows] == [cell.change for _, cell in cells]


def test_jobs_are_told_where_a_source_counts_them_and_else_not(answered: Answered) -> None:
    assert Who(answered()).jobs.rows[0].cells[0] == "45000"
    assert "within the year none moves, by assumption" in render(answered().results)
    none = tuple(case.model_copy(update={"jobs": ()}) for case in made_answer.WHO)
    view = answered(who=none)
    assert "who-jobs" not in Who(view).taken
    assert "Jobs that a source counts" not in render(view.results)


def test_an_answer_without_a_case_has_no_such_part(answered: Answered) -> None:
    view = answered(who=())
    assert not Who(view).shown
    assert 'id="who"' not in render(view.results)
