import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

import balance_sample as sample
from tula.report import render
from tula.report.page import PARTS as KINDS
from tula.report.part import BalancePart, lowered
from tula.report.parts.lead.part import Lead
from tula.report.view import View
from tula.study.balance import terms, words
from tula.study.balance.records import BalanceRecord
from tula.study.manifest import TieRecord
from tula.study.results import StudyResults

PARTS = ("odds", "price", "breaks", "holds", "sureness", "moves", "situations", "definition")
Builder = Callable[..., StudyResults]


def with_balance(results: StudyResults, record: BalanceRecord, answer: str = "") -> StudyResults:
    """The results of a study that has a balance."""
    changes = {"hashes": {}} | ({"answer": answer} if answer else {})
    return StudyResults(results.manifest.model_copy(update=changes), results.data, balance=record)


class Sheet:
    """The parts of the page that tell a balance, asked as one."""

    def __init__(self, view: View, record: BalanceRecord) -> None:
        told = View(with_balance(view.results, record))
        self.parts = [kind(told) for kind in (Lead, *KINDS) if issubclass(kind, BalancePart)]

    def __getattr__(self, name: str) -> Any:
        return getattr(next(part for part in self.parts if hasattr(type(part), name)), name)


@pytest.fixture(scope="module")
def record() -> BalanceRecord:
    return sample.balance_record()


@pytest.fixture(scope="module")
def view(build_results: Builder, record: BalanceRecord) -> View:
    return View(with_balance(build_results(scenarios=1, published=False), record))


@pytest.fixture(scope="module")
def sheet(view: View, record: BalanceRecord) -> Sheet:
    return Sheet(view, record)


@pytest.fixture(scope="module")
def text(view: View) -> str:
    return unescape(render(view.results))


@pytest.fixture(scope="module")
def bare(build_results: Builder) -> str:
    results = build_results(scenarios=1, published=False)
    return unescape(render(with_balance(results, sample.bare_record())))


@pytest.fixture(scope="module")
def changed(record: BalanceRecord) -> BalanceRecord:
    """A price below zero everywhere, one course limited, inputs that rest on other grounds."""
    assert record.surface is not None
    low = tuple(tuple(-1.0 for _ in row) for row in record.surface.price)
    free = tuple(one.model_copy(update={"limited": False}) for one in record.courses)
    cited, guessed, _ = record.inputs
    found = guessed.model_copy(update={"computed": True, "reason": "From the account of a tie."})
    judged = cited.model_copy(update={"reason": "Read from two sources."})
    changes = {
        "surface": record.surface.model_copy(update={"price": low}),
        "courses": (free[0], free[1].model_copy(update={"limited": True}), *free[2:]),
        "inputs": (judged, guessed, found),
    }
    return record.model_copy(update=changes)


@pytest.fixture(scope="module")
def other(view: View, changed: BalanceRecord) -> str:
    """The page of the changed balance, whose answer repeats the paragraphs of the balance."""
    answer = "\n\n".join([*words.answer(changed, view.named), "And more."])
    return unescape(render(with_balance(view.results, changed, answer)))


def sections(text: str) -> list[str]:
    return re.findall(r'<section id="([^"]+)"', text)


def test_a_study_without_a_balance_has_none_of_its_parts(results: StudyResults) -> None:
    text = render(results)
    assert not set(PARTS) & set(sections(text))
    assert f'<p class="lead">{results.manifest.answer}</p>' in text


def test_the_page_opens_with_the_two_sentences_and_the_scales(
    text: str, view: View, record: BalanceRecord
) -> None:
    head = text[: text.index("</header>")]
    assert f'<p class="lead" id="lead">{" ".join(words.opening(record, view.named))}</p>' in head
    assert 'aria-label="A pair of scales.' in head
    assert words.caveat(record, view.named) in head


def test_every_part_stands_on_the_page_before_the_scenarios(text: str) -> None:
    assert sections(text)[: len(PARTS)] == list(PARTS)


def test_parts_without_numbers_are_left_out_with_their_links(bare: str) -> None:
    assert [part for part in sections(bare) if part in PARTS] == [
        "odds",
        "price",
        "sureness",
        "definition",
    ]
    for part in ("breaks", "holds", "moves", "situations"):
        assert f'href="#{part}"' not in bare


def test_tags_balance_and_links_lead_somewhere(text: str, bare: str) -> None:
    for page in (text, bare):
        ids = re.findall(r'\bid="([^"]+)"', page)
        assert len(ids) == len(set(ids))
        assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)
        for tag in ("section", "figure", "table", "details", "dl", "ul", "ol", "svg", "tr"):
            assert len(re.findall(rf"<{tag}[ >]", page)) == page.count(f"</{tag}>"), tag


def test_a_paragraph_of_the_balance_stands_once_however_the_answer_repeats_it(
    view: View, changed: BalanceRecord, other: str
) -> None:
    told = words.answer(changed, view.named)
    assert other.count(f">{told[0]}</p>") == 1
    assert '<p class="rest">And more.</p>' in other


def test_every_situation_tells_its_state_in_words(text: str, record: BalanceRecord) -> None:
    table = text[text.index("State by thresholds, at central inputs") :]
    table = table[: table.index("</table>")]
    for one in record.situations:
        row = table[table.index(f"</span> {one.title}</th>") :]
        row = row[: row.index("</tr>")]
        assert re.findall(r'class="state \w+">(\w+)<', row) == [v.state for v in one.verdicts]


def test_what_brings_a_state_about_is_named_and_not_coded(text: str) -> None:
    assert "<small>Russian crude and goods sold to the US</small>" in text


def test_demands_carry_their_date_and_link_to_the_evidence(text: str) -> None:
    part = text[text.index('<section id="definition"') :]
    assert "6 August 2025: no Russian crude, direct or indirect; a threat stands behind it" in part
    assert 'href="#fact-F01"' in part[: part.index("</section>")]


def test_evidence_says_where_the_balance_uses_it(text: str) -> None:
    row = text[text.index('<tr id="fact-F02"') :]
    assert '<a href="#sureness">' in row[: row.index("</tr>")]


def test_the_definition_tells_thresholds_of_the_first_rule(text: str) -> None:
    part = text[text.index('<section id="definition"') :]
    assert "with a probability of 90% every critical tie keeps at least 75%" in part
    assert "no rival could take away more than 2% of its GDP, 3\u202f700 bn USD a year" in part
    assert "Definition of 12 December 2025: India keeps its balance" in part


def test_the_surface_tells_only_the_colours_it_has(
    view: View, record: BalanceRecord, changed: BalanceRecord, other: str
) -> None:
    assert (Sheet(view, record).saves, Sheet(view, record).costs) == (True, True)
    assert (Sheet(view, changed).saves, Sheet(view, changed).costs) == (True, False)
    assert "Violet, below zero" in other
    assert "Orange, above zero" not in other
    assert "Heavy line" not in other


def test_a_withdrawal_is_told_to_cost_more_than_a_choice(view: View) -> None:
    first = sample.balance_record().inputs[0]
    lost, grades = (
        first.model_copy(update={"name": name, "value": v, "low": low, "high": high, "evidence": e})
        for name, v, low, high, e in (
            ("lost", 1.0, 0.5, 3.0, ()),
            ("grades", 9.0, 4.0, 39.0, ("F01",)),
        )
    )
    told = terms.replaced(sample.balance_record(inputs=(lost, grades)))
    assert "is 1 (0.5 to 3, assumed) in the one case and 9 (4 to 39) in the other" in told
    assert not terms.replaced(sample.balance_record(inputs=(lost,)))


def test_gains_are_called_a_bound_only_where_a_course_limits_purchases(
    view: View, record: BalanceRecord, other: str
) -> None:
    free = tuple(one.model_copy(update={"limited": False}) for one in record.courses)
    assert not terms.bounded(record.model_copy(update={"courses": free}))
    assert other.count("the gain is an upper bound") == 2


def test_next_moves_open_with_the_one_that_takes_most(view: View, record: BalanceRecord) -> None:
    told = Sheet(view, record).moves_words
    assert told.endswith(
        "Russia withholds its crude. India then loses 9.4 bn USD a year, and Russia loses 24.5 bn "
        "USD."
    )
    alone = record.model_copy(update={"next_moves": record.next_moves[:1]})
    assert Sheet(view, alone).moves_words.startswith("The study lists one move: the United States")
    kind = tuple(one for one in record.next_moves if one.pivot_loss < 0.0)
    relieved = Sheet(view, record.model_copy(update={"next_moves": kind}))
    assert relieved.moves_words == "No move the study lists takes anything from India."


def test_an_input_is_called_assumed_only_if_neither_cited_nor_computed(other: str) -> None:
    assert "Assumed. No record of its like." in other
    assert "Assumed. From the account" not in other
    assert "Assumed. Read from" not in other


def test_a_rival_whose_exposure_no_charge_lowers_is_named(
    view: View, record: BalanceRecord
) -> None:
    first, second = record.frontiers
    short = (first, second.model_copy(update={"points": second.points[:1]}))
    assert Sheet(view, record).unmoved == []
    assert Sheet(view, record.model_copy(update={"frontiers": short})).unmoved == [
        "the United States"
    ]


def test_hypothetical_courses_are_told_but_not_drawn(sheet: Sheet, text: str) -> None:
    assert sheet.hypothetical == ["sells nothing to the United States: −71.2 (−110 to −44.0) "
                                  "bn USD a year"]  # fmt: skip
    drawn = text[text.index('<section id="price"') : text.index("Not drawn")]
    assert "sells nothing" not in drawn


def test_failures_are_counted_and_listed(text: str) -> None:
    assert "Evaluations without an answer (1)" in text
    assert "<li>700: no equilibrium found</li>" in text


def test_a_balance_that_could_not_be_played_is_said(build_results: Builder) -> None:
    results = build_results(scenarios=1, published=False)
    manifest = results.manifest.model_copy(update={"balance_failure": "no account of the oil"})
    text = render(StudyResults(manifest, results.data))
    assert "The balance could not be played: no account of the oil" in text


def test_the_same_balance_gives_the_same_bytes(view: View, text: str) -> None:
    assert unescape(render(view.results)) == text


def test_a_balance_stands_beside_ties_that_have_no_account(
    build_results: Builder,
) -> None:
    record = sample.bare_record()
    results = with_balance(build_results(scenarios=1, published=False), record)
    tie = TieRecord(id="oil", kind="oil", title="Oil", partner="RUS", failure="no market")
    manifest = results.manifest.model_copy(update={"ties": (tie,)})
    text = render(StudyResults(manifest, results.data, balance=record))
    assert 'id="ties"' in text
    assert 'id="odds"' in text


@pytest.mark.parametrize(
    ("words", "found"), [("Duty added", "duty added"), ("US duty", "US duty"), ("", "")]
)
def test_words_within_a_sentence_start_small_unless_they_are_capitals(
    words: str, found: str
) -> None:
    assert lowered(words) == found


def test_a_price_that_no_input_moves_has_no_chart_of_what_moves_it(
    view: View, record: BalanceRecord
) -> None:
    still = tuple(one.model_copy(update={"first": 0.0, "total": 0.0}) for one in record.influence)
    assert still
    for influence in (still, ()):
        changed = record.model_copy(update={"influence": influence})
        assert Sheet(view, changed).influence is None


def test_hover_texts_are_words_and_never_columns_of_a_chart(text: str) -> None:
    titles = re.findall(r"<title>([^<]*)</title>", text)
    assert len(titles) > 20
    columns = r"(x|y|value|words|top|below|low|high|start|stop|middle|cost|loss|share|month)\d?: "
    assert [title for title in titles if re.match(columns, title)] == []
