import itertools
import re

from hypothesis import given
from hypothesis import strategies as st

from tula.report import monthly
from tula.report.monthly import Levels, Line, Strips

SHARE = st.floats(0.0, 1.4)


def texts(drawn: str) -> list[tuple[float, str]]:
    """Height and words of every text."""
    found = re.findall(r'<text x="[-\d.]+" y="([-\d.]+)"[^>]*>(.*?)</text>', drawn)
    return [(float(y), words) for y, words in found]


@given(st.lists(st.lists(SHARE, min_size=3, max_size=3), min_size=1, max_size=4), SHARE)
def test_labels_at_the_end_of_lines_overlap_neither_each_other_nor_the_title(
    lines: list[list[float]], floor: float
) -> None:
    panel = Levels("Kept", tuple(Line(values, "ink") for values in lines), floor)
    drawn = monthly.drawing([panel], ["Dec", "Jan", "Feb"], "x").wide
    ends = re.findall(rf'<text x="{monthly.WIDE - monthly.RIGHT + 3:.1f}" y="([-\d.]+)"', drawn)
    heights = sorted(map(float, ends))
    assert len(heights) == len(lines) + 1
    assert all(b - a >= 11.9 for a, b in itertools.pairwise(heights))
    assert heights[0] >= next(y for y, words in texts(drawn) if words == "Kept") + 11.9


@given(st.integers(1, 60))
def test_months_are_named_as_often_as_there_is_room(count: int) -> None:
    names = [monthly.NAMES[n % 12] for n in range(count)]
    panel = Strips("Stands", {"Duty": [0.5] * count})
    for width, drawn in zip(
        (monthly.WIDE, monthly.NARROW),
        vars(monthly.drawing([panel], names, "x")).values(),
        strict=True,
    ):
        told = [words for _, words in texts(drawn) if words in monthly.NAMES]
        assert 1 <= len(told) <= width / 25.0


def test_a_share_above_its_reference_stays_within_the_sheet() -> None:
    drawn = monthly.drawing([Levels("Kept", (Line([1.37, 1.4], "ink"),))], ["Dec", "Jan"], "x").wide
    points = re.findall(r'points="([^"]+)"', drawn)[0].split()
    assert min(float(point.split(",")[1]) for point in points) > 0.0


def test_hostile_words_are_escaped() -> None:
    bad = '<b>"&'
    drawn = monthly.drawing([Strips(bad, {bad: [0.1]})], ["Dec"], bad).narrow
    assert "<b>" not in drawn
