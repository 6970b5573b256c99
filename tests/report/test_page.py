import re
import shutil
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path

import pytest

import tula.report.page as page
from tula.report import render, write_report
from tula.report.view import View
from tula.study.results import StudyResults
from tula.world.files import UnwritableFileError

VOID = {"meta", "link", "br", "hr", "img", "input", "area", "base", "col", "source", "wbr"}
LOADS = {"src", "srcset", "data", "poster", "xlink:href", "action", "formaction", "background"}


class Reader(HTMLParser):
    """Collects what a page would load, its ids, its links, and tags that do not balance."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.loads: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        self._attributes(tag, attrs)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._attributes(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def _attributes(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in LOADS or (name == "href" and tag != "a"):
                self.loads.append(f"{tag} {name}={value}")
            if name == "id":
                self.ids.append(value or "")
            if name == "href" and tag == "a":
                self.links.append(value or "")


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    reader.close()
    return reader


@pytest.fixture(scope="module")
def text(results: StudyResults) -> str:
    return render(results)


def test_tags_balance(text: str) -> None:
    reader = read(text)
    assert (reader.wrong, reader.open) == ([], [])


def test_nothing_is_loaded_from_anywhere(text: str) -> None:
    assert read(text).loads == []
    assert "default-src 'none'" in text
    styles = "".join(re.findall(r"<style>(.*?)</style>", text, re.S))
    assert "@import" not in styles
    assert re.findall(r"url\((?!#)", styles) == []


def test_ids_are_unique_and_links_within_the_page_lead_somewhere(text: str) -> None:
    reader = read(text)
    assert len(reader.ids) == len(set(reader.ids))
    inside = {link[1:] for link in reader.links if link.startswith("#")}
    assert inside <= set(reader.ids)


def test_every_scenario_and_every_fact_appears(results: StudyResults, text: str) -> None:
    ids, more = set(read(text).ids), read(page.pages(results)[page.APPENDIX_FILE]).ids
    for number, record in enumerate(results.manifest.scenarios, start=1):
        assert f"s{number}" in more
        assert record.title in text
    for fact in results.manifest.evidence:
        assert f"fact-{fact.id}" in ids


def test_links_lead_to_the_page_that_has_their_place(results: StudyResults) -> None:
    texts = page.pages(results)
    places = {name: set(read(text).ids) for name, text in texts.items()}
    links = re.compile(r'href="([a-z]+\.html)?#([^"]+)"')
    found = {
        name: {(there or name, place) for there, place in links.findall(text)}
        for name, text in texts.items()
    }
    assert all(place in places[there] for one in found.values() for there, place in one)
    assert (page.APPENDIX_FILE, "scenarios") in found[page.PAGE_FILE]
    assert (page.PAGE_FILE, "fact-F01") in found[page.APPENDIX_FILE]


def test_a_page_is_the_same_whoever_draws_its_charts(answered: Callable[..., View]) -> None:
    results = answered().results
    with ThreadPoolExecutor(1) as drawer:
        assert page.pages(results, drawer) == page.pages(results)


def test_the_answer_and_the_provenance_are_told(results: StudyResults, text: str) -> None:
    for part in (results.manifest.question, results.manifest.study_hash, "6.4\u00a0×\u00a010⁻¹¹"):
        assert part in text


def test_the_same_results_give_the_same_bytes(
    results: StudyResults, text: str, tmp_path: Path
) -> None:
    written = write_report(results, tmp_path / "new" / "folder")
    assert written.name == page.PAGE_FILE
    assert written.read_bytes() == text.encode()


def test_results_saved_and_loaded_give_the_same_page(
    results: StudyResults, text: str, tmp_path: Path
) -> None:
    assert render(StudyResults.load(results.save(tmp_path))) == text


def test_so_do_results_with_an_answer(answered: Callable[..., View], tmp_path: Path) -> None:
    results = answered().results
    assert render(StudyResults.load(results.save(tmp_path))) == render(results)


def test_one_scenario_and_no_published_estimate_is_enough(
    build_results: Callable[..., StudyResults],
) -> None:
    text = render(build_results(scenarios=1, published=False))
    assert "Published estimates" not in text
    assert read(text).wrong == []


def test_a_failed_solve_is_said_and_shown_as_missing(results_with_failure: StudyResults) -> None:
    text = page.pages(results_with_failure)[page.APPENDIX_FILE]
    assert "No equilibrium under balanced closure with CP elasticities" in text
    assert "n/a" in text


def test_a_residual_above_its_tolerance_is_said_to_exceed_it(
    build_results: Callable[..., StudyResults],
) -> None:
    results = build_results(scenarios=1, published=False)
    first = results.manifest.scenarios[0]
    proof = first.certificates[0].model_copy(update={"worst_residual": 3e-10})
    record = first.model_copy(update={"certificates": (proof,)})
    manifest = results.manifest.model_copy(update={"scenarios": (record,)})
    assert "exceeded" not in render(results)
    assert "10⁻¹⁰, exceeded)" in render(StudyResults(manifest, results.data))


def test_names_are_escaped(build_results: Callable[..., StudyResults]) -> None:
    results = build_results(scenarios=1)
    name = 'Fish & Chips <b>"x"</b> </script>'
    record = results.manifest.scenarios[0].model_copy(update={"title": name, "answer": name})
    manifest = results.manifest.model_copy(
        update={"scenarios": (record,), "title": name, "hashes": {}}
    )
    labels = results.data.region_name.copy()
    labels[0] = name
    data = results.data.assign_coords(region_name=("region", labels.values))
    text = render(StudyResults(manifest, data))
    assert name not in text
    assert '<b>"x"' not in text
    reader = read(text)
    assert (reader.wrong, reader.open) == ([], [])


def test_a_world_that_the_map_does_not_know_is_drawn_neutral_and_said_so(
    build_results: Callable[..., StudyResults],
) -> None:
    regions = ("Q1", "Q2", "Q3", "Q4")
    text = render(build_results(regions=regions, pivot="Q1", rivals=("Q2",)))
    assert "Not on the map: Place Q1, Place Q2, Place Q3, Place Q4." in text
    assert "no region of this world" in text
    assert read(text).wrong == []


def test_a_source_that_is_no_web_address_is_not_a_link(
    build_results: Callable[..., StudyResults],
) -> None:
    results = build_results(scenarios=1, published=False)
    fact = results.manifest.evidence[0].model_copy(update={"source_url": "javascript:alert(1)"})
    facts = (fact, *results.manifest.evidence[1:])
    manifest = results.manifest.model_copy(update={"evidence": facts})
    assert "javascript:" not in render(StudyResults(manifest, results.data))


def test_a_page_that_cannot_be_finished_leaves_the_old_one(
    results: StudyResults, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / page.PAGE_FILE).write_text("old", encoding="utf-8")

    def full(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(page, "render", lambda _: "new")
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(UnwritableFileError, match="disk full"):
        write_report(results, tmp_path)
    assert [path.read_text("utf-8") for path in tmp_path.iterdir()] == ["old"]


def test_a_browser_shows_the_page_without_a_complaint(text: str, tmp_path: Path) -> None:
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if not browser:
        pytest.skip("no chromium on this machine")
    written = tmp_path / page.PAGE_FILE
    written.write_text(text, encoding="utf-8")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    flags += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    flags += ["--enable-logging=stderr", f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom"]
    done = subprocess.run(
        [browser, *flags, written.as_uri()], capture_output=True, text=True, timeout=60, check=True
    )
    assert "data-name=" in done.stdout
    assert "CONSOLE" not in done.stderr
