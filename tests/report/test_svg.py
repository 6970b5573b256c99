import re

from tula.report import figures
from tula.report.tokens import light, standing_alone


def test_a_copied_chart_has_the_colours_of_the_light_page() -> None:
    row = figures.Row("India", "India", "actor0", "circle", 1.0, 0.5, 2.0, "India 1")
    drawn = figures.svg(figures.chart([figures.Group("Worth", (row,))], "bn USD"), "Worth")
    assert re.findall(r"var\(--\w+\)", drawn) == []
    assert f"var(--actor0,{light()['actor0']})" in drawn
    assert 'xmlns="http://www.w3.org/2000/svg"' in drawn


def test_every_colour_of_charts_is_one_of_the_page() -> None:
    names = " ".join(figures.PAGE_COLOURS.values())
    assert standing_alone(names).count("#") == len(figures.PAGE_COLOURS)
    assert light()["ink"] == "#1b2330"
