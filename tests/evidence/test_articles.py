import os
from pathlib import Path

import pytest

from tula.errors import TulaError
from tula.evidence import InvalidFileError, load_evidence
from tula.evidence.articles import Article, Figure, UnreadableArticleError, draft, figures, hold
from tula.evidence.articles.draft import FEEDS
from tula.evidence.articles.read import read_articles
from tula.evidence.facts import Fact
from tula.study.explain import explain

SEEDS = Path(os.environ.get("TULA_SEEDS", Path(__file__).parents[3] / "shared" / "seeds"))


def read(text: str) -> list[Figure]:
    return figures(Article("made.txt", text))


@pytest.mark.parametrize(
    ("text", "kind", "value", "unit"),
    [
        ("Sales were $10 billion.", "money", 10, "bn USD"),
        ("Sales were USD 2.5bn.", "money", 2.5, "bn USD"),
        ("A fund of $500m was set up.", "money", 0.5, "bn USD"),
        ("They lent ₹3,000 crore.", "money", 30, "bn INR"),
        ("They lent Rs 1.2 lakh crore.", "money", 1200, "bn INR"),
        ("Some 4.5 billion euros are frozen.", "money", 4.5, "bn EUR"),
        ("Crude sold 21.5 dollars a barrel below Brent.", "money", 21.5, "USD/bbl"),
        ("A duty of 18 percent.", "percentage", 18, "%"),
        ("A duty of 50pp.", "percentage", 50, "pp"),
        ("It took 1.7 million barrels a day.", "count", 1.7, "mb/d"),
        ("It took 1,728 kb/d.", "count", 1.728, "mb/d"),
        ("Five hundred thousand workers left.", "count", 500_000, "workers"),
        ("A million workers left.", "count", 1_000_000, "workers"),
        ("Two hundred and five workers left.", "count", 205, "workers"),
        ("Two three-year deals.", "count", 2, "three-year deals"),
        ("Plans for six large river ports.", "count", 6, "large river ports"),
        ("The 12th Energy Forum opened.", "count", 12, "nth Energy Forum"),
        ("They set a target of $80 billion by 2031.", "target", 80, "bn USD"),
    ],
)
def test_a_figure_is_found_and_normalised(text: str, kind: str, value: float, unit: str) -> None:
    one = next(one for one in read(text) if one.kind != "date")
    assert (str(one.kind), one.unit) == (kind, unit)
    assert one.value == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("on December 4-5, 2025", "2025-12-04/2025-12-05"),
        ("on 4 December 2025", "2025-12-04"),
        ("on 2025-12-04", "2025-12-04"),
        ("in Sept. 2024", "2024-09"),
        ("in 2022.", "2022"),
        ("in FY25", "FY25"),
        ("in 2024-25", "2024-25"),
        ("on 12 June.", "--06-12"),
    ],
)
def test_a_date_is_told_as_iso_8601_has_it(text: str, told: str) -> None:
    assert [(one.kind, one.value, one.unit) for one in read(text)] == [("date", None, told)]


def test_both_ends_of_a_range_are_in_the_unit_of_the_upper_one() -> None:
    assert [(one.value, one.unit) for one in read("Duties went from 25 to 50 per cent.")] == [
        (25, "%"), (50, "%")]  # fmt: skip
    assert [(one.value, one.unit) for one in read("Between $10 and $12 billion.")] == [
        (10, "bn USD"), (12, "bn USD")]  # fmt: skip
    assert [one.value for one in read("Growth of 10-15%.")] == [10, 15]


@pytest.mark.parametrize(
    "text", ["The S-400 system.", "One of these.", "The first visit.", "Site24 says."]
)
def test_names_and_pronouns_are_no_figures(text: str) -> None:
    assert read(text) == []


def test_the_word_before_a_figure_and_the_time_of_a_target_are_kept() -> None:
    one, *_ = read("Trade of almost $70 billion is to reach its peak by the end of the decade.")
    assert (one.about, one.until) == ("almost", "by the end of the decade")


def test_a_place_is_file_and_line() -> None:
    assert read("Nothing here.\n\nA duty of 50% stands.")[0].place == "made.txt:3"


def articles() -> list[Article]:
    first = (
        "On 4 May 2025 talks began.\nTrade between the two countries reached $70 billion last year."
    )
    second = "Trade between the two countries reached $65 billion last year.\nA duty of 50% stands."
    third = "A duty of 50% was laid on goods."
    return [Article(f"{n}.txt", text) for n, text in enumerate((first, second, third), 1)]


def test_figures_that_agree_are_one_fact_with_all_their_places() -> None:
    text = draft(articles())
    assert text.count("value: 50\n") == 1
    assert "locator: '2.txt:2, 3.txt:1'" in text


def test_figures_that_differ_about_one_thing_name_each_other() -> None:
    text = draft(articles())
    assert "differ: $65 billion (F04, 2.txt:1)" in text
    assert "differ: $70 billion (F03, 1.txt:2)" in text


def test_nothing_of_a_draft_is_accepted_before_its_author_worded_and_graded_it(
    tmp_path: Path,
) -> None:
    path = tmp_path / "draft.yaml"
    text = draft(articles())
    path.write_text(text, "utf-8")
    with pytest.raises(InvalidFileError) as refused:
        load_evidence(path)
    for key in ("'fact'", "'grade'"):
        found = [one for one in refused.value.problems if one.message.startswith(key)]
        assert len(found) == text.count("  - id: ")
    for undone, done in (("fact: ''", "fact: Mine."), ("'?'", "B"), ("date: B", "date: '2025'")):
        text = text.replace(undone, done)
    path.write_text(text, "utf-8")
    assert len(load_evidence(path).facts) == text.count("  - id: ")


@pytest.mark.parametrize("key", sorted({key for _, _, key in FEEDS}))
def test_every_key_that_a_figure_could_feed_is_one_of_a_study(key: str) -> None:
    assert [one.place for one in explain(key)] == [key]


def fact(value: float, unit: str) -> dict[str, Fact]:
    told = {"id": "F01", "theme": "t", "date": "2025", "fact": "f", "source": "s", "grade": "B"}
    return {"F01": Fact.model_validate(told | {"value": value, "unit": unit, "locator": "p. 1"})}


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (50, "pp", "A duty of 50% stands."),
        (3.1, "million workers", "A gap of 3.1 million jobs."),
        (20_000, "crore rupees", "They put in ₹20,000 crore."),
        (1728, "kb/d", "It took 1.728 million barrels a day."),
        (-28.5, "%", "Exports fell by 28.5 per cent."),
        (5, "reactors", "Five small reactors are planned."),
    ],
)
def test_a_fact_is_found_in_whatever_words_a_text_has_for_it(
    value: float, unit: str, text: str
) -> None:
    held = hold(fact(value, unit), [Article("a.txt", text)])
    assert [one.place for one in held[0].found] == ["a.txt:1"]


def test_a_fact_that_no_text_states_is_told_with_what_is_stated() -> None:
    held = hold(fact(25, "pp"), [Article("a.txt", "A duty of 50% stands. Five reactors.")])
    assert held[0].found == ()
    assert [one.text for one in held[0].near] == ["50%"]


def test_a_small_count_of_something_else_is_not_taken_for_the_fact() -> None:
    assert hold(fact(5, "years"), [Article("a.txt", "Five reactors.")])[0].found == ()


def test_what_is_no_plain_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UnreadableArticleError, match="no plain text"):
        read_articles([path])
    with pytest.raises(TulaError):
        read_articles([tmp_path / "absent.txt"])


@pytest.mark.reference
def test_every_figure_of_the_articles_behind_the_first_study_is_found() -> None:
    if not SEEDS.is_dir():
        pytest.skip(f"no articles at {SEEDS} (TULA_SEEDS)")
    stated = {(one.value, one.unit) for article in read_articles(sorted(SEEDS.glob("*.txt")))
              for one in figures(article)}  # fmt: skip
    assert stated >= {
        (10, "bn USD"), (70, "bn USD"), (100, "bn USD"), (50, "%"), (3_100_000, "jobs"),
        (5, "indigenous small modular reactors"), (23, "nth India-Russia Annual Summit"),
        (2, "countries"), (None, "2025-12-04/2025-12-05"), (None, "2025-12-04"), (None, "2022"),
        (None, "2030"),
    }  # fmt: skip
