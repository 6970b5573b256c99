"""The study's question moved by hand: on its page, in a browser, as the Python engine has it."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

import toy_answer
from browsers import Visit, settled
from command_line import tula
from tula.report import write_report
from tula.study.effort import Effort
from tula.study.load import load_study
from tula.study.results import StudyResults
from tula.study.run import run_study

pytestmark = [pytest.mark.slow, pytest.mark.browser]

Open = Callable[..., Page]
HOSTILE = "<img src=x onerror=window.bad=1></script><script>window.bad=2</script>"


def _run(folder: Path, study: str) -> StudyResults:
    return run_study(load_study(str(toy_answer.write(folder, study))), effort=Effort(8))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study with its page."""
    folder = tmp_path_factory.mktemp("study")
    write_report(_run(folder, toy_answer.ASKING), folder)
    return folder


@pytest.fixture
def opened(visit: Visit, folder: Path) -> Open:
    """Opens the page at the live part, and waits until it has solved what stands."""

    def open_page(state: str = "#live", **more: Any) -> Page:
        page = visit(folder / "index.html", state, **more)
        settled(page)
        return page

    return open_page


def _column(page: Page, table: str, name: str) -> list[str]:
    """A column of a table by its head."""
    heads = page.locator(f"#{table} thead tr > *").all_inner_texts()
    cell = f"#{table} tbody tr > :nth-child({heads.index(name) + 1})"
    return page.locator(cell).all_inner_texts()


def _moved(page: Page) -> list[str]:
    return [*_column(page, "live-ties", "Moved"), *_column(page, "live-incomes", "Moved")]


def _stands(page: Page) -> list[str]:
    names = ("live-ties", "live-incomes")
    return [text for name in names for text in _column(page, name, "As it stands")]


def _told(found: Any) -> list[str]:
    """Figures of the Python engine as the page writes them."""
    texts = [f"{100 * kept:.0f}%" for kept in found["kept"].values()]
    texts += [f"{income:+.1f}" for income in found["income"].values()]
    return [re.sub(r"^[+-](0\.0)$", r"\1", one).replace("-", "\N{MINUS SIGN}") for one in texts]


def test_with_nothing_moved_the_page_has_the_figures_of_the_run(opened: Open) -> None:
    page = opened()
    assert _moved(page) == _stands(page)
    assert len(_moved(page)) == 6
    assert "#live" in page.url
    assert "Proved on this page" in page.inner_text("#live-proof")


def test_command_and_python_lines_give_what_is_moved(
    opened: Open, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("checkbox", name="Firms heed the listing").click()
    page.get_by_role("slider", name="Size of the duty").fill("0.4")
    page.locator("#live-controls select").select_option("stop")
    settled(page)
    assert _moved(page) != _stands(page)
    monkeypatch.chdir(folder)
    page.click("#live-command")
    said = page.evaluate("navigator.clipboard.readText()")
    there = json.loads(tula(*shlex.split(said)[1:], "--json").stdout)
    assert _moved(page) == _told(there)
    page.click("#live-python")
    names: dict[str, Any] = {"print": lambda *_: None}
    exec(page.evaluate("navigator.clipboard.readText()"), names)
    assert names["found"].kept == there["kept"]


def test_controls_answer_to_mouse_keyboard_and_touch(opened: Open) -> None:
    page = opened(has_touch=True)
    found = [_moved(page)]
    page.get_by_role("checkbox", name="A duty for the oil").click()
    settled(page)
    found.append(_moved(page))
    page.keyboard.press("Space")
    settled(page)
    assert _moved(page) == found[0]
    slider = page.get_by_role("slider", name="Size of the duty")
    slider.focus()
    page.keyboard.press("End")
    settled(page)
    found.append(_moved(page))
    assert slider.input_value() == "0.5"
    box = slider.bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"])
    settled(page)
    found.append(_moved(page))
    assert 0.25 < float(slider.input_value()) < 0.35
    assert len({tuple(one) for one in found}) == 4
    page.get_by_role("button", name="Size of the duty: back to the median").click()
    settled(page)
    assert _moved(page) == found[0]
    assert page.evaluate("location.hash") == ""


def test_a_shared_link_restores_the_state(opened: Open) -> None:
    page = opened()
    page.get_by_role("checkbox", name="A duty for the oil").click()
    page.get_by_role("slider", name="Month").fill("2")
    page.locator("summary", has_text="How the world answers").click()
    page.get_by_role("slider", name="First-year").fill("1.5")
    settled(page)
    link, found = page.evaluate("location.hash"), _moved(page)
    again = opened(link)
    assert _moved(again) == found
    assert again.get_by_role("slider", name="Month").input_value() == "2"
    assert again.evaluate("location.hash") == link


def test_an_address_that_names_nothing_here_is_told_and_does_no_harm(opened: Open) -> None:
    page = opened("#live?on=nobody,duty&month=77&course=constructor&b.toString=1&x=%E0%A4%A")
    assert "names nothing" in page.inner_text("#live-lost")
    assert page.get_by_role("checkbox", name="A duty for the oil").is_checked()
    assert not page.get_by_role("checkbox", name="Firms heed the listing").is_checked()


def test_odds_are_read_off_a_table_and_beyond_it_the_full_engine_is_named(opened: Open) -> None:
    page = opened()
    data = json.loads(page.evaluate("document.getElementById('live-data').textContent"))
    plane, odds = data["plane"], "#live-odds"
    assert f"{100 * data['odds']['all']:.0f} in 100" in page.inner_text(odds)
    name, values = plane["beliefs"][0], plane["values"][0]
    middle = 0.5 * (values[1] + values[2])
    page = opened(f"#live?b.{name}={middle}")
    between = 50 * (plane["alone"][0][1] + plane["alone"][0][2])
    assert f"were this known: {between:.0f} in 100" in page.inner_text(odds)
    assert f"within {max(1, round(100 * plane['error']))} " in page.inner_text(odds)
    end = data["asked"]["beliefs"][name][2]
    page = opened(f"#live?b.{name}={end}")
    assert "needs the full engine" in page.inner_text(odds)
    assert f"--set {name}={end:g}" in page.inner_text(odds)
    page = opened("#live?on=")
    assert "weigh all that may stand" in page.inner_text(odds)


def test_odds_are_told_for_the_month_in_which_a_cause_happens(visit: Visit, tmp_path: Path) -> None:
    cause = "  causes:\n    - {id: peace, title: peace comes, chance: 0.2, ends: [listing]}\n"
    study = toy_answer.ASKING.replace("  break_offs:\n", f"{cause}  break_offs:\n")
    results = _run(tmp_path, study.replace("chance: 0.2", "chance: {value: 0.2, reason: A guess.}"))
    write_report(results, tmp_path)
    assert results.answer is not None
    (peace,) = results.answer.dated
    page = visit(tmp_path / "index.html", "#live?on=&happened=peace&month=2")
    settled(page)
    told = page.inner_text("#live-odds")
    assert f"were it known that this happens in month 2: {100 * peace.odds[0]:.0f} in 100" in told
    page = visit(tmp_path / "index.html", "#live?happened=peace")
    settled(page)
    assert "weigh all that may stand" in page.inner_text("#live-odds")


@pytest.mark.parametrize("width", [380, 768, 1400])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_and_axe_finds_no_serious_fault(opened: Open, width: int, scheme: str) -> None:
    page = opened("#live?on=duty&course=stop", width=width, color_scheme=scheme)
    assert page.locator("td.below").count() >= 1
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page).response["violations"]
    serious = [one for one in found if one["impact"] in ("serious", "critical")]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in serious] == []


def test_hostile_titles_execute_nothing(visit: Visit, tmp_path: Path) -> None:
    study = toy_answer.ASKING.replace("title: crude of Russia", f"title: '{HOSTILE}'")
    for title in ("a duty for the oil", "leaving the choice to firms", "size of the duty"):
        study = study.replace(f"title: {title}", f"title: '{title}{HOSTILE}'")
    write_report(_run(tmp_path, study), tmp_path)
    page = visit(tmp_path / "index.html", "#live?month=2")
    settled(page)
    page.get_by_role("checkbox", name="Firms heed the listing").click()
    settled(page)
    assert page.evaluate("window.bad") is None
    assert page.locator("img").count() == 0
    assert "onerror" in page.inner_text("#live-ties")
