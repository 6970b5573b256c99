from collections.abc import Callable
from html import unescape
from itertools import pairwise
from typing import TypeVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import balance_sample as sample
from tula.report import figures
from tula.report.part import BalancePart
from tula.report.parts.breaks import surface, survival
from tula.report.parts.breaks.part import Breaks
from tula.report.parts.holds import frontiers
from tula.report.parts.moves import part as moves
from tula.report.parts.moves.part import Moves
from tula.report.parts.odds import chart as odds_chart
from tula.report.parts.odds.part import OddsOfStates
from tula.report.parts.price import part as prices
from tula.report.parts.situations.part import Situations
from tula.report.parts.sureness import chart as influence
from tula.report.parts.sureness.part import Sureness
from tula.report.view import View
from tula.study.balance.records import BalanceRecord
from tula.study.results import StudyResults

Builder = Callable[..., StudyResults]
P = TypeVar("P", bound=BalancePart)
WIDTHS = (figures.WIDE, figures.NARROW)


@pytest.fixture(scope="module")
def view(build_results: Builder) -> View:
    return View(build_results(scenarios=1, published=False))


@pytest.fixture(scope="module")
def record() -> BalanceRecord:
    return sample.balance_record()


def told(kind: type[P], view: View, record: BalanceRecord) -> P:
    """A part of the page of a study with a balance."""
    manifest = view.manifest.model_copy(update={"hashes": {}})
    return kind(View(StudyResults(manifest, view.results.data, balance=record)))


def text(kind: type[BalancePart], view: View, record: BalanceRecord) -> str:
    """What a part says."""
    return unescape(told(kind, view, record).html({}))


def rows(spec: dict[str, object], column: str) -> list[dict[str, object]]:
    """Rows of all data of a specification that have a column."""
    data = spec["datasets"]
    assert isinstance(data, dict)
    return [row for part in data.values() for row in part if column in row]


@pytest.mark.parametrize("width", WIDTHS)
def test_the_parts_of_every_bar_add_up_to_all_draws(record: BalanceRecord, width: int) -> None:
    parts = rows(odds_chart.odds_chart(record, width), "stop")
    ends = {row["y"]: row["stop"] for row in parts}
    assert len(ends) == 2 * len(record.rules)
    assert list(ends.values()) == pytest.approx([100.0] * len(ends))


@pytest.mark.parametrize("width", WIDTHS)
def test_a_word_stands_on_a_bar_only_where_it_has_room(record: BalanceRecord, width: int) -> None:
    room = width - odds_chart.COLUMN[width > figures.NARROW]
    for row in rows(odds_chart.odds_chart(record, width), "stop"):
        pixels = (float(str(row["stop"])) - float(str(row["start"]))) / 100 * room
        assert len(str(row["words"])) * odds_chart.LETTER <= pixels


def test_the_odds_are_told_in_words_for_who_hears_them(record: BalanceRecord) -> None:
    said = odds_chart.spoken(record)
    assert "As defined, course kept: captured 5%, aligned 0%, hollow 71%" in said
    assert "If ties need keep only 50%, course kept: captured 5%" in said


@pytest.mark.parametrize("width", WIDTHS)
def test_bars_are_headed_by_what_their_rule_asks(record: BalanceRecord, width: int) -> None:
    names = rows(odds_chart.odds_chart(record, width), "heading")
    heads = [row["words"] for row in names if row["heading"]]
    assert heads[0] == "Ties keep 75%, limit 2% of GDP"
    assert heads[4] == "Ties keep 75%, limit 2% of GDP by ending all trade"


def test_courses_stand_in_order_of_worth_and_without_hypothetical_ones(
    view: View, record: BalanceRecord
) -> None:
    price, courses = prices.courses(view, record)
    assert [row.value for row in courses.rows] == [-5.59, -6.51, -10.92, -25.71]
    assert (price.rows[0].low, price.rows[0].high) == (-11.2, 1.9)


def test_influence_on_an_axis_that_holds_both_intervals(record: BalanceRecord) -> None:
    wild = record.influence[0].model_copy(update={"first": -0.3, "first_error": 0.2})
    changed = record.model_copy(update={"influence": (wild,)})
    (row,) = rows(influence.influence_chart(changed)(figures.WIDE), "worst")
    assert row["low"] == pytest.approx(-50.0)
    assert row["inner"] == pytest.approx(-30.0)


def test_inputs_that_hardly_matter_are_named_and_not_drawn(record: BalanceRecord) -> None:
    still = record.influence[0].model_copy(update={"title": "still", "total": 0.004})
    changed = record.model_copy(update={"influence": (*record.influence, still)})
    drawn = rows(influence.influence_chart(changed)(figures.WIDE), "worst")
    assert [one.title for one in influence.idle(changed)] == ["still"]
    assert len(drawn) == len(record.influence)


def test_a_share_that_rounds_to_nothing_has_no_sign(record: BalanceRecord) -> None:
    small = record.influence[0].model_copy(update={"title": "a", "first": -0.001, "total": 0.02})
    changed = record.model_copy(update={"influence": (small,)})
    (row,) = rows(influence.influence_chart(changed)(figures.WIDE), "worst")
    assert row["label"] == "a 0\N{NO-BREAK SPACE}/\N{NO-BREAK SPACE}2"


def test_the_line_of_zero_keeps_clear_of_headings(view: View, record: BalanceRecord) -> None:
    spec = moves.moves_chart(view, record)(figures.NARROW)
    spans = [row for row in rows(spec, "top") if "value" in row]
    assert all(float(str(one["top"])) >= float(str(one["y"])) + 19 for one in spans)
    assert all(float(str(a["below"])) < float(str(b["y"])) for a, b in pairwise(spans))


def test_contributions_add_up_to_the_bar_of_all(view: View, record: BalanceRecord) -> None:
    drawn = rows(moves.shapley_chart(view, record)(figures.WIDE), "start")
    *parts, together = [float(str(row["value"])) for row in drawn]
    assert sum(parts) == pytest.approx(together)
    assert [abs(part) for part in parts] == sorted(map(abs, parts), reverse=True)


def test_a_move_is_told_with_who_makes_it_and_what_it_leads_to(
    view: View, record: BalanceRecord
) -> None:
    spec = moves.moves_chart(view, record)(figures.WIDE)
    headings = [str(row["heading"]) for row in rows(spec, "heading")]
    assert headings[0] == "Russia withholds its crude (hollow)"
    words = [str(row["words"]) for row in rows(spec, "words")]
    assert "India gains 3.30" in words
    assert "United States, who moves, gains 1.70" in words


def test_a_border_is_drawn_wherever_the_price_changes_sign_and_nowhere_else() -> None:
    price = np.array([[-1.0, 1.0], [-1.0, -1.0]])
    found = sorted(surface.zero_line(np.array([0.0, 2.0]), np.array([0.0, 1.0]), price))
    assert found == [(1.0, -0.5, 1.0, 0.5), (1.0, 0.5, 3.0, 0.5)]
    assert not list(surface.zero_line(np.arange(2.0), np.arange(2.0), -np.abs(price)))


def test_every_cell_of_the_surface_tells_its_price(record: BalanceRecord) -> None:
    assert record.surface is not None
    cells = rows(surface.surface_chart(record.surface, figures.WIDE), "fill")
    assert len(cells) == len(record.surface.x) * len(record.surface.y)
    assert {"−6.2", "+9.8"} <= {cell["words"] for cell in cells}


def test_cells_that_save_and_cells_that_cost_have_other_colours(record: BalanceRecord) -> None:
    assert record.surface is not None
    cells = rows(surface.surface_chart(record.surface, figures.NARROW), "fill")
    for cell in cells:
        saves = "−" in str(cell["text"])
        assert str(cell["fill"]).startswith("var(--g") == saves


def test_the_cell_in_which_the_study_stands_is_framed(record: BalanceRecord) -> None:
    assert record.surface is not None
    own = surface.own(record)
    assert own == (25.0, 0.6)
    outside = surface.Point(1000.0, 0.6)
    for place, frames in ((own, 1), (None, 0), (outside, 0)):
        drawn = rows(surface.surface_chart(record.surface, figures.WIDE, place), "x0")
        found = [row for row in drawn if "fill" not in row]
        assert len(found) == frames
        assert all(float(str(row["x0"])) <= 25.0 <= float(str(row["x1"])) for row in found)
        assert all(float(str(row["y0"])) <= 60.0 <= float(str(row["y1"])) for row in found)


def test_a_surface_over_another_duty_than_the_one_searched_has_no_frame(
    record: BalanceRecord,
) -> None:
    assert record.surface is not None
    other = record.surface.model_copy(update={"x_title": "another duty"})
    assert surface.own(record.model_copy(update={"surface": other})) is None


@given(st.lists(st.floats(0.0, 100.0), min_size=1, max_size=5))
def test_labels_keep_apart_and_within_the_plane(values: list[float]) -> None:
    found = sorted(survival.spread(values, 6.0, 0.0, 100.0))
    assert all(b - a >= 6.0 - 1e-9 for a, b in pairwise(found))
    assert found[0] >= -1e-9
    assert found[-1] <= 100.0


def test_labels_with_room_stay_where_they_are() -> None:
    assert survival.spread([80.0, 10.0, 40.0], 6.0, 0.0, 100.0) == [80.0, 10.0, 40.0]


def test_rules_by_which_balance_never_stood_have_no_line(record: BalanceRecord) -> None:
    first, second, _ = record.survival
    nought = (0.0,) * len(first.months)
    lost = first.model_copy(update={"share": nought, "low": nought, "high": nought})
    changed = record.model_copy(update={"survival": (lost, second)})
    assert survival.standing(changed) == [second]
    assert survival.standing(record) == list(record.survival)


def test_every_line_is_named_by_what_its_rule_asks_within_the_plane(
    record: BalanceRecord,
) -> None:
    for width in WIDTHS:
        ends = rows(survival.survival_chart(record, width), "words")
        told = [" ".join(str(row["words"]).split()) for row in ends]
        assert told[0] == "as defined: 15%"
        assert told[1].startswith("ties need keep only 50%: ")
        assert all(0.0 <= float(str(row["share"])) <= 100.0 for row in ends)


def test_a_frontier_shows_the_limits_that_lie_within_it(view: View, record: BalanceRecord) -> None:
    spec = frontiers.frontier_chart(view, record, figures.WIDE)
    words = {row["words"] for row in rows(spec, "words")}
    assert {"limit 1%", "limit 2%"} == words


def test_a_frontier_of_one_point_is_not_drawn(view: View, record: BalanceRecord) -> None:
    first, second = record.frontiers
    changed = record.model_copy(
        update={"frontiers": (first, second.model_copy(update={"points": second.points[:1]}))}
    )
    drawn = rows(frontiers.frontier_chart(view, changed, figures.WIDE), "cost")
    assert {row["rival"] for row in drawn if "rival" in row} == {"Russia"}


def test_a_charge_that_earns_stands_below_zero_within_the_plane(
    view: View, record: BalanceRecord
) -> None:
    first = record.frontiers[0]
    earns = first.points[1].model_copy(update={"cost": -3.0})
    lower = first.model_copy(update={"points": (first.points[0], earns, *first.points[2:])})
    spec = frontiers.frontier_chart(
        view, record.model_copy(update={"frontiers": (lower,)}), figures.WIDE
    )
    domains = [layer["encoding"]["y"]["scale"]["domain"] for layer in spec["layer"]
               if "scale" in layer["encoding"].get("y", {})]  # fmt: skip
    assert domains
    assert all(domain[0] < -3.0 for domain in domains)


def test_every_chart_can_be_drawn_at_either_width(view: View, record: BalanceRecord) -> None:
    assert record.surface is not None
    for width in WIDTHS:
        for spec in (
            survival.survival_chart(record, width),
            frontiers.frontier_chart(view, record, width),
            surface.surface_chart(record.surface, width),
        ):
            assert figures.svg(spec, "label").startswith("<svg")


def test_the_table_of_odds_gives_errors(view: View, record: BalanceRecord) -> None:
    table = told(OddsOfStates, view, record).numbers
    assert table.rows[0].cells[2] == "71 ± 2.0"


def test_bounds_on_odds_stand_in_the_table_only_where_draws_failed(
    view: View, record: BalanceRecord
) -> None:
    first, *rest = record.odds
    bounds = {"least": 0.70, "most": 0.724}
    kept = tuple(
        one.model_copy(update=bounds if one.state == "hollow" else {}) for one in first.kept
    )
    failed = (first.model_copy(update={"kept": kept}), *rest)
    changed = record.model_copy(update={"odds": failed})
    cell = told(OddsOfStates, view, changed).numbers.rows[0].cells[2]
    assert cell == "71 ± 2.0 (70.0 to 72.4)"
    assert "In brackets" in text(OddsOfStates, view, changed)
    assert "In brackets" not in text(OddsOfStates, view, record)


def test_a_state_that_no_draw_has_is_told_by_its_interval(
    view: View, record: BalanceRecord
) -> None:
    table = told(OddsOfStates, view, record).numbers
    assert table.rows[0].cells[1] == "0 to 1"


def test_the_situations_say_of_what_year_they_are_and_what_stands_in_which(
    view: View, record: BalanceRecord
) -> None:
    said = text(Situations, view, record)
    assert "all of it, in a world in which trade has had a year to adjust; central" in said
    assert "In force: 'the first 25 points' in all but S0; " in said
    assert "; '25 more points' in S1-50, S2-35 and J. Income" in said


def test_situations_of_a_study_that_says_less_are_told_all_the_same(
    view: View, record: BalanceRecord
) -> None:
    bare = tuple(one.model_copy(update={"in_force": ()}) for one in record.situations)
    changes = {"situations": bare, "world": ""}
    said = text(Situations, view, record.model_copy(update=changes))
    assert "The next year, as if each lasted all of it; central inputs. Income" in said


def test_variants_name_the_course_worth_most(view: View, record: BalanceRecord) -> None:
    table = told(Sureness, view, record).variants
    assert table.rows[0].cells == ("−3.20", "−0.090", "buys a third less Russian crude", "hollow")
    assert "other assumptions on the world" in text(Sureness, view, record)
    assert "other assumptions on the world" not in text(Sureness, view, sample.bare_record())


def test_a_turn_is_listed_with_the_place_where_it_turns_back(
    view: View, record: BalanceRecord
) -> None:
    back = record.break_evens[0].model_copy(update={"until": 62.0})
    table = told(Breaks, view, record.model_copy(update={"break_evens": (back,)})).searched
    assert told(Breaks, view, record).searched.rows[0].cells[0] == "41 points"
    assert table.rows[0].cells[0] == "41 and back at 62 points"


def test_an_input_without_a_turn_is_listed_with_the_range_searched(
    view: View, record: BalanceRecord
) -> None:
    row = told(Breaks, view, record).searched.rows[1]
    assert row.cells == ("nowhere", "60%", "0% to 100%", "Keeping the course pays")


def test_what_a_rival_could_take_away_is_told_with_its_range(
    view: View, record: BalanceRecord
) -> None:
    powers = [
        one.model_copy(update={"power": "an end to sales"}) for one in sample.losses(0.0006, 0.012)
    ]
    changed = record.model_copy(update={"losses": tuple(powers)})
    table = told(Breaks, view, changed).losses
    assert [row.label for row in table.rows] == ["United States", "Russia"]
    assert {row.cells[0] for row in table.rows} == {"An end to sales"}
    assert [row.cells[1] for row in table.rows] == [
        "0.06% (0.03% to 0.12%)",
        "1.2% (0.60% to 2.4%)",
    ]
    assert "likeliest" not in text(Breaks, view, changed)
    outside = powers[0].model_copy(update={"law": sample.span(0.01, 0.02, 0.03)})
    said = text(Breaks, view, record.model_copy(update={"losses": (outside,)}))
    assert "which may be an end of its range.</figcaption>" in said
    assert "could take away" not in text(Breaks, view, sample.bare_record())


def test_slack_names_regions_and_not_codes(view: View, record: BalanceRecord) -> None:
    table = told(Moves, view, record).slack
    assert "costs the United States money" in table.rows[0].cells[2]
