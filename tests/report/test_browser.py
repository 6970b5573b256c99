"""The page in a real browser: offline, at every width, taken away, printed, and read aloud."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from browsers import Visit
from tula.report import write_report
from tula.report.part import csv
from tula.report.svg import SVG
from tula.report.view import View

pytestmark = [pytest.mark.slow, pytest.mark.browser]

Open = Callable[..., Page]
SERIOUS = ("serious", "critical")


@pytest.fixture(scope="module")
def view(answered: Callable[..., View]) -> View:
    return answered()


@pytest.fixture(scope="module")
def written(view: View, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_report(view.results, tmp_path_factory.mktemp("report"))


@pytest.fixture
def opened(visit: Visit, written: Path) -> Open:
    """Opens the page at a width."""
    return lambda width=1400, at="", **more: visit(written, at, width, **more)


@pytest.mark.parametrize("width", [380, 768, 1400])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_overflows(opened: Open, width: int, scheme: str) -> None:
    page = opened(width, color_scheme=scheme)
    beyond = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(beyond) == 0


def test_text_and_picture_stand_side_by_side_where_there_is_room(opened: Open) -> None:
    boxes = {width: _boxes(opened(width)) for width in (1400, 768)}
    (text, picture), (above, below) = boxes[1400], boxes[768]
    assert picture["x"] >= text["x"] + text["width"]
    assert below["y"] >= above["y"] + above["height"]


def _boxes(page: Page) -> list[Any]:
    return [page.locator(f"header > {one}").bounding_box() for one in ("div", "figure")]


def test_a_reader_sees_at_most_three_thousand_words(opened: Open) -> None:
    assert len(opened().inner_text("body").split()) <= 3000


def test_a_table_is_taken_away_as_it_was_found(opened: Open, view: View, tmp_path: Path) -> None:
    assert view.results.answer is not None
    text, name = _taken(opened(), "CSV of chances", tmp_path)
    assert text == csv(view.results.answer.conditions)
    assert name == f"{view.stem}-chances.csv"


def test_a_table_without_numbers_of_its_own_is_taken_as_it_stands(
    opened: Open, tmp_path: Path
) -> None:
    page = opened(at="#map")
    page.locator("#map summary").last.click()
    text, _ = _taken(page, re.compile("CSV of map-"), tmp_path)
    head, first, *_ = text.splitlines()
    assert head.startswith('"Region","tariff"')
    assert first.startswith('"India","-0.23')


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["SVG of ahead", "SVG of flows", "SVG of map-"])
def test_a_drawing_stands_alone(
    opened: Open, view: View, tmp_path: Path, name: str, scheme: str
) -> None:
    text, _ = _taken(_unfolded(opened(color_scheme=scheme)), re.compile(name), tmp_path)
    drawing = ElementTree.fromstring(text)
    assert "var(" not in text
    assert drawing.findtext(f"{{{SVG}}}desc") == view.citation
    words = [one.text for one in drawing.iter(f"{{{SVG}}}text")]
    assert view.manifest.title in words
    assert any("as of 12 December 2025" in (one or "") for one in words)


def test_a_drawing_takes_its_whole_title_its_colours_and_its_caption_along(
    opened: Open, view: View, tmp_path: Path
) -> None:
    page = _unfolded(opened(380))

    def texts(name: str) -> list[str]:
        drawing = ElementTree.fromstring(_taken(page, re.compile(name), tmp_path)[0])
        return [one.text or "" for one in drawing.iter(f"{{{SVG}}}text")]

    ahead, told = texts("SVG of ahead"), " ".join(texts("SVG of map-"))
    question = view.manifest.question
    assert question not in ahead, "wider than the drawing: in lines"
    assert question in " ".join(ahead)
    for where in (".pick:checked", ".unit", ".key > *", "figcaption"):
        one = page.locator(f"#map figure {where}").first
        text = one.get_attribute("aria-label") or one.inner_text()
        assert " ".join(text.split()) in told, where


@pytest.mark.parametrize("name", ["PNG of ahead", "PNG of map-"])
def test_a_drawing_is_painted(opened: Open, tmp_path: Path, name: str) -> None:
    page = _unfolded(opened())
    with page.expect_download() as download:
        page.get_by_label(re.compile(name)).first.click()
    download.value.save_as(tmp_path / "taken.png")
    painted = (tmp_path / "taken.png").read_bytes()
    assert painted.startswith(b"\x89PNG")
    assert len(painted) > 10_000


def _unfolded(page: Page) -> Page:
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    return page


def _taken(page: Page, name: Any, folder: Path) -> tuple[str, str]:
    with page.expect_download() as download:
        page.get_by_label(name).first.click()
    path = folder / "taken"
    download.value.save_as(path)
    return path.read_text("utf-8"), download.value.suggested_filename


def test_a_link_opens_the_folds_around_its_place(opened: Open) -> None:
    page = opened(at="#belief-heeded")
    assert page.locator("#belief-heeded").is_visible()
    page.locator("#belief-heeded .fact").click()
    page.locator("#ground").get_by_text("All facts").click()
    assert page.locator("#fact-F01").is_visible()


def test_a_fact_and_a_figure_show_their_ground_by_keyboard(opened: Open, view: View) -> None:
    page = opened(at="#belief-heeded")
    page.locator("#belief-heeded .fact").press("Enter")
    assert "grade A" in page.inner_text("#ground")
    assert "F01: " in page.inner_text("#ground")
    page.keyboard.press("Escape")
    assert not page.locator("#ground").is_visible()
    assert page.evaluate("document.activeElement.className") == "fact"
    page.get_by_label("Ground of chances").press("Enter")
    assert "tula trace REPORT answer.conditions" in page.inner_text("#ground")
    assert view.citation in page.inner_text("#ground")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_has_no_serious_fault_for_those_who_cannot_see_it(opened: Open, scheme: str) -> None:
    page = opened(color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    found = Axe().run(page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in SERIOUS] == []


def test_it_prints_on_at_most_twelve_pages(opened: Open) -> None:
    pages = re.findall(rb"/Type\s*/Page\b", opened().pdf(format="A4"))
    assert 1 <= len(pages) <= 12
