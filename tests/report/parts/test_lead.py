import math
import re
from collections.abc import Callable
from xml.etree import ElementTree

import balance_sample as sample
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tula.report.parts.lead.canvas import Point, turned
from tula.study.balance.records import BalanceRecord

from tula.report.parts.lead import scales
from tula.report.svg import SVG
from tula.report.view import View
from tula.study.results import StudyResults

Builder = Callable[..., StudyResults]
NUMBER = st.floats(0.01, 1e4)


@pytest.fixture(scope="module")
def view(build_results: Builder) -> View:
    return View(build_results(scenarios=1, published=False))


def weighed(view: View, record: BalanceRecord | None = None) -> scales.Weighing:
    found = scales.weigh(view, record or sample.balance_record())
    assert found is not None
    return found


def beam(weighing: scales.Weighing, layout: scales.Layout) -> tuple[Point, Point]:
    """Both ends of the beam as drawn."""
    drawing = ElementTree.fromstring(scales.picture(weighing, layout, "x"))
    thick = [line for line in drawing.iter(f"{{{SVG}}}line")
             if line.get("stroke-width") == "6"]  # fmt: skip
    (line,) = thick
    at = {name: float(line.get(name, "nan")) for name in ("x1", "y1", "x2", "y2")}
    left, right = Point(at["x1"], at["y1"]), Point(at["x2"], at["y2"])
    return left, right


def test_the_blocks_differ_by_the_price(view: View) -> None:
    giving, keeping = (pan.loss for pan in weighed(view).pans)
    assert keeping - giving == pytest.approx(sample.balance_record().price.central, abs=0.01)


def test_either_pan_is_named_after_its_course_with_the_rivals_beside(view: View) -> None:
    giving, keeping = weighed(view).pans
    assert (giving.name, giving.loss) == ("Give way to the United States", 10.92)
    assert (keeping.name, keeping.loss) == ("Keep its course", 6.51)
    assert giving.where == "away from Russia"
    assert keeping.where == "between the United States and Russia"
    assert giving.colour != keeping.colour


@pytest.mark.parametrize("layout", [scales.WIDE, scales.NARROW])
@pytest.mark.parametrize(("price", "lower"), [(-4.0, "left"), (4.0, "right"), (0.0, "none")])
def test_the_heavier_side_comes_down_and_a_price_of_zero_leaves_the_beam_level(
    view: View, layout: scales.Layout, price: float, lower: str
) -> None:
    record = sample.balance_record(price=sample.span(price, -9.0, 9.0))
    left, right = beam(weighed(view, record), layout)
    found = "none" if left.y == right.y else "left" if left.y > right.y else "right"
    assert found == lower


def test_giving_way_to_the_other_rival_hangs_in_the_same_pan(view: View) -> None:
    first, _, stop, *_ = sample.balance_record().courses
    giving = stop.model_copy(update={"aligned_with": "RUS"})
    found = weighed(view, sample.balance_record(courses=(first, giving)))
    assert [pan.name for pan in found.pans] == ["Give way to Russia", "Keep its course"]
    assert found.pans[0].where == "away from the United States"
    assert "above zero: giving way to Russia pays" in found.says


def test_the_tilt_is_the_price_on_the_scale_of_the_dial(view: View) -> None:
    found = weighed(view)
    left, right = beam(found, scales.WIDE)
    turn = math.degrees(math.atan2(right.y - left.y, right.x - left.x))
    assert turn == pytest.approx(-scales.STEEPEST * 4.41 / found.ends, abs=0.02)


def test_the_dial_holds_the_whole_range_and_tells_its_numbers(view: View) -> None:
    found = weighed(view)
    assert found.ends >= max(abs(found.price.low), abs(found.price.high))
    drawn = scales.picture(found, scales.WIDE, "x")
    assert re.findall(r">(−?(?:15|7\.5|0))</text>", drawn) == ["−15", "−7.5", "0", "7.5", "15"]


@given(NUMBER)
def test_the_end_of_the_dial_is_the_next_round_number(most: float) -> None:
    end = scales.end_of_dial(most)
    assert most <= end * (1 + 1e-9)
    assert end <= 2.0 * most * (1 + 1e-9)


@given(NUMBER, st.floats(-1.0, 1.0))
def test_the_beam_never_turns_beyond_the_dial(ends: float, part: float) -> None:
    assert abs(scales.angle(part * ends, ends)) <= scales.STEEPEST * (1 + 1e-12)


def test_a_course_that_gains_has_no_block_and_is_said_to_gain(view: View) -> None:
    first, *rest = sample.balance_record().courses
    better = first.model_copy(update={"worth": sample.span(1.8, 1.0, 3.0)})
    record = sample.balance_record(courses=(better, *rest))
    found = weighed(view, record)
    assert found.pans[1].says == "India gains 1.80 bn USD a year"
    assert scales.picture(found, scales.WIDE, "x").count('fill="var(--actor0)"') == 1


def test_everything_drawn_stands_within_the_sheet(view: View) -> None:
    steep = sample.balance_record(price=sample.span(10.0, -10.0, 10.0))
    for layout in (scales.WIDE, scales.NARROW):
        drawing = scales.picture(weighed(view, steep), layout, "x")
        box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', drawing)
        assert box is not None
        heights = [float(y) for y in re.findall(r' y[12]?="(-?[\d.]+)"', drawing)]
        assert min(heights) >= 0.0
        assert max(heights) <= float(box[2])


def test_words_under_a_pan_keep_to_its_half_of_the_sheet(view: View) -> None:
    for layout in (scales.WIDE, scales.NARROW):
        drawing = ElementTree.fromstring(scales.picture(weighed(view), layout, "x"))
        for text in drawing.iter(f"{{{SVG}}}text"):
            if (text.get("fill"), text.get("font-size")) == ("var(--ink)", "13"):
                half = 3.6 * len(text.text or "")
                assert half <= float(text.get("x", "nan")) <= layout.width - half


def test_the_picture_is_told_to_who_hears_it(view: View) -> None:
    said = scales.spoken(weighed(view))
    assert "Give way to the United States: India loses 10.9" in said
    assert "a price of −4.41 bn USD a year, its range from −11.2 to 1.90" in said
    assert "below zero: keeping its course pays" in said
    assert "hollow" in said


def test_without_a_way_of_giving_in_there_is_nothing_to_weigh(view: View) -> None:
    keep, trim, *_ = sample.balance_record().courses
    assert scales.weigh(view, sample.balance_record(courses=(keep, trim))) is None


def test_an_unknown_state_is_said(view: View) -> None:
    assert weighed(view, sample.balance_record(odds=())).state == "not known"


@given(st.floats(-360.0, 360.0), NUMBER)
def test_a_turned_point_keeps_its_distance(degrees: float, distance: float) -> None:
    at = turned(Point(3.0, 4.0), distance, degrees)
    assert math.hypot(at.x - 3.0, at.y - 4.0) == pytest.approx(distance)
