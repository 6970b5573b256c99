"""The page of a ranking: a map and a table that sorts, whose rows open the explorer."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

import factories
from browsers import Visit, settled
from tula.explore import write_explorer, write_rank
from tula.strategy.rank import rank
from tula.strategy.ranking import Ranking, page_data

ECONOMY = factories.make_economy(6, 3, 2)
HOSTILE = "</title><script>window.bad=1</script>"


@pytest.fixture(scope="module")
def told() -> Ranking:
    return page_data(rank(ECONOMY, *ECONOMY.regions[:2]))


@pytest.fixture(scope="module")
def written(told: Ranking, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rank")
    write_explorer(ECONOMY, folder / "explore.html", world="toy.nc")
    return write_rank(told, ECONOMY.labels, folder / "rank.html", explorer="explore.html")


def test_every_region_has_a_row_that_leads_to_it(written: Path, told: Ranking) -> None:
    text = written.read_text("utf-8")
    assert len(told.regions) == 4
    for one in told.regions:
        assert f'<a href="explore.html#focus={one.id}">' in text


def test_hostile_names_stay_text(told: Ranking, tmp_path: Path) -> None:
    first = told.regions[0].model_copy(update={"title": HOSTILE})
    bad = told.model_copy(update={"regions": (first, *told.regions[1:])})
    path = write_rank(bad, ECONOMY.labels, tmp_path / "r.html", explorer="e.html")
    text = path.read_text("utf-8")
    assert "<script>window" not in text
    assert "&lt;script&gt;window" in text


def _column(page: Page, at: int) -> list[float]:
    cells = page.locator(f"tbody tr > :nth-child({at})")
    return [float(one.get_attribute("data-key") or "nan") for one in cells.all()]


@pytest.mark.slow
@pytest.mark.browser
def test_the_table_sorts_both_ways_and_a_row_opens_the_explorer(
    visit: Visit, written: Path
) -> None:
    page = visit(written)
    head = page.locator("thead button").nth(3)
    head.click()
    assert _column(page, 4) == sorted(_column(page, 4), reverse=True)
    head.press("Enter")
    assert _column(page, 4) == sorted(_column(page, 4))
    assert page.locator("th[aria-sort=ascending]").count() == 1
    code = page.locator("tbody tr").first.get_attribute("id")
    page.locator("tbody a").first.click()
    page.wait_for_url("**/explore.html*")
    settled(page)
    assert f":{code}:" in page.evaluate("location.hash")


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("width", [380, 1400])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_and_axe_finds_no_serious_fault(
    visit: Visit, written: Path, width: int, scheme: str
) -> None:
    page = visit(written, "", width, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page).response["violations"]
    serious = [one for one in found if one["impact"] in ("serious", "critical")]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in serious] == []
