"""The page in a real browser: by mouse, keyboard and touch, offline, and as exact as the engine."""

from __future__ import annotations

import csv
import json
import shlex
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

import factories
from browsers import settled
from command_line import tula
from tula.equilibrium import solve
from tula.explore import write_explorer
from tula.metrics import METRICS
from tula.policy import Embargo
from tula.policy.duties import DutiesOfDay
from tula.world.store import load_world

pytestmark = [pytest.mark.slow, pytest.mark.browser]

Open = Callable[..., Page]
STATES = (
    "#tariff=USA:IND:goods:+25pp&embargo=IND:RUS:OIL",
    "#tariff=EU:CHN:manufacturing:>=35%&cut=IND+TUR:RUS:OIL+PET:40%&horizon=1&closure=balanced",
    "#import-cap=USA:VNM:TEX:65%25/together:exporter&export-tax=RUS:all:OIL:+10pp"
    "&agreement=IND:GBR:goods:100%&trade-cost=all:RUS:all:+5%&elasticity=CP&closure=proportional"
    "&embargo=CAN:USA:FOO:5%25&tariff-quota=CAN:CHN:MOT:6.1%25:106.1%25:60%/together:importer",
)


def _sentence(page: Page) -> str:
    return page.inner_text("#sentence")


def _income(page: Page, folder: Path) -> dict[str, float]:
    """Return what the page's own table of regions says, by code, percent."""
    with page.expect_download() as download:
        page.click("#csv-regions")
    path = folder / "regions.csv"
    download.value.save_as(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))[1:]
    return {row[0]: float(row[2]) for row in rows if len(row) > 2}


def _asserted_equal(page: Page, folder: Path) -> None:
    """Run the page's Python lines and compare every region."""
    names: dict[str, Any] = {"print": lambda *_: None}
    exec(page.evaluate("document.getElementById('python-text').textContent"), names)
    there = METRICS["real_income"].values(names["solution"])
    codes = names["solution"].labels.regions
    found = _income(page, folder)
    assert max(abs(found[code] - there[n]) for n, code in enumerate(codes)) < 1e-7
    assert np.abs(there).max() > 1e-3


@pytest.mark.filterwarnings("ignore::tula.equilibrium.errors.MultipleEquilibriaWarning")
@pytest.mark.parametrize("state", STATES)
def test_its_figures_are_those_of_the_python_lines_it_gives(
    opened: Open, world_page: Path, tmp_path: Path, state: str
) -> None:
    page = opened(world_page, state)
    assert page.inner_text("#lost") == ""
    _asserted_equal(page, tmp_path)


def test_duties_as_of_a_day_are_in_force_before_anything_moves(
    opened: Open, tmp_path: Path
) -> None:
    path = tmp_path / "day.html"
    duties = DutiesOfDay(date(2026, 3, 1))
    write_explorer(load_world("icio-2024"), path, world="icio-2024", duties=duties)
    page = opened(path, "#tariff=USA:CHN:goods:+10pp")
    assert "duties of 2026-03-01" in page.inner_text("#basis")
    _asserted_equal(page, tmp_path)


def test_the_command_it_gives_answers_alike(opened: Open, world_page: Path, tmp_path: Path) -> None:
    page = opened(world_page, STATES[2])
    said = page.evaluate("document.getElementById('command-text').textContent")
    there = json.loads(tula(*shlex.split(said)[1:], "--json").stdout)["regions"]["real_income"]
    found = _income(page, tmp_path)
    assert max(abs(found[code] - there[code]) for code in there) < 1e-7


def test_a_slider_answers_to_mouse_keyboard_and_touch(opened: Open, toy_page: Path) -> None:
    page = opened(toy_page, "#tariff=USA:IND:goods:+10pp", has_touch=True)
    slider = page.locator("#moves input[type=range]")
    said = [_sentence(page)]
    box = slider.bounding_box()
    assert box is not None
    far, middle = box["x"] + 0.9 * box["width"], box["y"] + 0.5 * box["height"]
    page.mouse.click(far, middle)
    settled(page)
    said.append(_sentence(page))
    assert float(slider.input_value()) > 50.0
    slider.focus()
    page.keyboard.press("ArrowLeft")
    settled(page)
    by_key = float(slider.input_value())
    assert page.locator("#moves input[type=number]").input_value() == slider.input_value()
    page.touchscreen.tap(box["x"] + 0.3 * box["width"], middle)
    settled(page)
    said.append(_sentence(page))
    assert float(slider.input_value()) < by_key
    assert len(set(said)) == 3


def test_every_control_is_reached_and_moved_by_keyboard_alone(opened: Open, toy_page: Path) -> None:
    page = opened(toy_page, "#tariff=USA:IND:goods:+10pp")
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id || document.activeElement.type"))
    wanted = {"number", "add", "pin", "buyer", "seller", "copy-link", "csv-trade"}
    assert wanted <= reached
    page.focus("#add")
    page.keyboard.press("Enter")
    settled(page)
    assert page.locator("#moves fieldset").count() == 2
    page.keyboard.press("End")  # the last kind of move in the list that has the focus
    settled(page)
    assert "agreement=" in page.evaluate("location.hash")


def test_several_sectors_are_put_together_by_ticking_them(
    opened: Open, world_page: Path, tmp_path: Path
) -> None:
    page = opened(world_page, "#tariff=USA:IND:goods:+25pp")
    page.click("#moves .field:nth-child(4) summary")
    for name in ("Pharmaceuticals", "Crude oil and natural gas", "Computers, electronics, optics"):
        page.get_by_role("checkbox", name=name).click()
    settled(page)
    chosen = page.evaluate("location.hash").split(":")[2].split("+")
    assert len(chosen) == 16
    assert not {"PHA", "OIL", "ELE"} & set(chosen)
    _asserted_equal(page, tmp_path)
    page.get_by_role("checkbox", name="Pharmaceuticals").press("Space")
    settled(page)
    assert "PHA" in page.evaluate("location.hash")


def test_a_shared_link_restores_the_state(opened: Open, toy_page: Path) -> None:
    page = opened(toy_page, "#tariff=USA:IND:goods:+10pp")
    page.select_option("#terms select >> nth=2", "proportional")
    page.select_option("#terms select >> nth=0", " 5")
    page.click("#pin")
    page.fill("#moves input[type=number]", "33.5")
    page.select_option("#buyer", label="Region RUS")
    settled(page)
    link, said = page.evaluate("location.hash"), _sentence(page)
    again = opened(toy_page, link)
    again.wait_for_selector("#regions-table.comparing")
    assert _sentence(again) == said
    assert again.evaluate("location.hash") == link
    assert "+10 points" in again.inner_text("#pinned")


def test_an_address_that_names_nothing_here_is_told_and_does_no_harm(
    opened: Open, toy_page: Path
) -> None:
    state = "#tariff=ZZZ:IND:goods:+10pp&embargo=%E0%A4%A&nonsense&horizon=77&pair=a:b&cut=USA:IND"
    state += "&constructor=USA:IND:goods:1%&closure=toString&elasticity=valueOf"
    page = opened(toy_page, state)
    assert "names nothing" in page.inner_text("#lost")
    assert page.locator("#moves fieldset").count() == 0


def test_what_has_no_equilibrium_shows_no_figure_and_says_why(opened: Open, toy_page: Path) -> None:
    page = opened(toy_page, "#embargo=USA:all:all&import-cap=USA:IND:OIL:50%/each:exporter")
    assert page.locator("#regions tr").count() > 0
    page.goto(toy_page.as_uri() + "#tariff=USA:IND:goods:=5%&tariff=USA:all:OIL:=9%")
    page.wait_for_selector("#trouble:not([hidden])")
    assert "different levels" in page.inner_text("#trouble")
    assert page.locator("#regions tr").count() == 0
    assert "No figures" in _sentence(page)


@pytest.mark.parametrize("width", [380, 768, 1400])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_and_axe_finds_no_serious_fault(
    opened: Open, world_page: Path, width: int, scheme: str
) -> None:
    page = opened(world_page, STATES[0] + "&pin=" + STATES[1][1:], width, color_scheme=scheme)
    page.click("#all-regions")
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width
    found = Axe().run(page).response["violations"]
    serious = [one for one in found if one["impact"] in ("serious", "critical")]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in serious] == []


HOSTILE = (
    "<script>window.bad=1</script>",
    "</script><script>window.bad=2</script>",
    "\"><img src=x onerror='window.bad=3'>",
    "=HYPERLINK(1);:+&#{{7*7}}",
)


def test_hostile_names_execute_nothing(opened: Open, tmp_path: Path) -> None:
    economy = factories.make_economy(4, 3, 7, regions=HOSTILE, sectors=HOSTILE[:3])
    labels = replace(
        economy.labels,
        region_names=dict(zip(HOSTILE, HOSTILE[::-1], strict=True)),
        region_groups={"<b onmouseover='window.bad=4'>": HOSTILE[:2]},
    )
    path = write_explorer(
        replace(economy, labels=labels), tmp_path / "h.html", world="$(touch x)'<script>.nc"
    )
    page = opened(path)
    page.click("#add")
    page.select_option("#moves fieldset:last-child select >> nth=1", HOSTILE[3])
    page.select_option("#buyer", index=2)
    page.click("#pin")
    page.fill("#moves fieldset:first-child input[type=number]", "20")
    settled(page)
    _income(page, tmp_path)
    again = opened(path, page.evaluate("location.hash"))
    assert again.evaluate("location.hash") == page.evaluate("location.hash")
    for one in (page, again):
        assert one.evaluate("window.bad") is None
        assert one.locator("img, body b").count() == 0
    text = (tmp_path / "regions.csv").read_text("utf-8-sig")
    assert "\"'=HYPERLINK" in text


def test_the_table_of_trade_holds_every_flow_with_all_digits(
    opened: Open, toy_page: Path, tmp_path: Path
) -> None:
    page = opened(toy_page, "#embargo=IND:RUS:OIL")
    with page.expect_download() as download:
        page.click("#csv-trade")
    download.value.save_as(tmp_path / "trade.csv")
    settled(page)
    with (tmp_path / "trade.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.reader(file) if len(row) == 5][1:]
    economy = factories.toy_economy()
    solution = solve(economy, [Embargo(importer="IND", exporter="RUS", sectors="OIL")])
    labels = economy.labels
    for importer, exporter, sector, before, now in rows:
        cell = (
            labels.sectors.index(sector),
            labels.region_index(importer),
            labels.region_index(exporter),
        )
        base = solution.calibration.border_trade[cell]
        assert float(before) == pytest.approx(base, rel=1e-12)
        assert float(now) == pytest.approx(solution.border_trade[cell], rel=1e-8)
    assert len(rows) == 3 * 4 * 3


def test_steps_of_a_slider_keep_the_page_alive(opened: Open, world_page: Path) -> None:
    page = opened(world_page, STATES[0])
    for value in range(20, 60):
        page.fill("#moves input[type=number] >> nth=0", str(value))
    settled(page)
    expect(page.locator("#proof")).to_contain_text("holds to", timeout=30_000)
    assert "tariff=USA:IND:goods:+59pp" in page.evaluate("location.hash")


def test_a_study_is_begun_by_hand_and_saved(world_page: Path, opened: Open, tmp_path: Path) -> None:
    page = opened(world_page)
    fields = page.locator("#study-fields")
    fields.get_by_label("Name").fill("turkey")
    fields.get_by_label("Pivot").select_option("TUR")
    fields.get_by_label("Rival", exact=True).select_option("USA")
    fields.get_by_label("Other rival").select_option("TUR")
    assert "three" in page.inner_text("#study-trouble")
    assert page.locator("#study-save").is_disabled()
    fields.get_by_label("Other rival").select_option("RUS")
    page.get_by_text("What the United States may do").click()
    page.get_by_label("usa-chance: value").fill("0.3")
    page.get_by_label("usa-chance: why").fill("It said so twice.")
    saved = []
    page.on("download", lambda one: saved.append(one))
    with page.expect_download():
        page.click("#study-save")
    page.wait_for_timeout(500)
    files = {one.suggested_filename: Path(one.path()).read_text("utf-8") for one in saved}
    words = shlex.split(page.text_content("#study-command") or "")
    assert "--belief" in words
    assert tula(*words[1:], "--out", tmp_path).exit_code == 0
    folder = tmp_path / "turkey"
    assert files == {path.name: path.read_text("utf-8") for path in folder.iterdir()}
