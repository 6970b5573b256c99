import json
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tula.errors import UnknownNameError
from tula.report import figures, render
from tula.report.parts.ties import chart, words
from tula.report.parts.ties.part import Ties
from tula.report.parts.ties.words import Sign, sentences
from tula.report.view import View
from tula.study.accounts import by_size
from tula.study.manifest import NumberRecord, TieRecord
from tula.study.results import StudyResults
from tula.ties.account import TieAccount, line
from tula.ties.quantity import Estimate


def money(central: float, low: float, high: float, meaning: str = "gain of the pivot") -> Estimate:
    """Money of an account, from bn USD."""
    return line((central, low, high), "bn USD a year", meaning)


WORTH, SALES, RISK = money(2.0, 1.8, 3.2), money(12.0, 10.0, 14.0), money(0.3, 0.1, 0.5)
NOTHING = money(0.0, 0.0, 0.0)


def account(
    tie: str = "oil",
    pivot: Estimate = WORTH,
    partner: Estimate = SALES,
    exposure: Estimate = RISK,
    *,
    code: str = "RUS",
    **details: Estimate,
) -> TieAccount:
    return TieAccount(
        tie=tie,
        pivot="IND",
        partner=code,
        value_to_pivot=pivot,
        value_to_partner=partner,
        dependence=Estimate(
            0.36, 0.31, 0.4, "share", "share of the pivot's crude the partner supplies"
        ),
        replacement_time=Estimate(1.2, 0.8, 2.0, "years", "until others cover half of it"),
        exposure=exposure,
        details=details,
        notes=("the worth of the weapons in use is outside the account",),
    )


OIL = account(
    discount=Estimate(1.75, 1.1, 2.4, "USD a barrel", "delivered, formed by the market"),
    gross_exit_under_pressure=Estimate(0.5, 0.45, 0.5, "share", "of the volume, by firms"),
)
DEAL = account("trade agreement", money(-0.6, -1.9, 0.8), money(0.9, 0.4, 1.3))
SMALL = account("labour accord", money(0.02, 0.01, 0.03), money(-0.0004, -0.0006, -0.0002))
PACT = account("logistics pact", money(-0.004, -0.01, -0.001), NOTHING, NOTHING)
EVERY = (OIL, DEAL, SMALL, PACT)


def records(accounts: tuple[TieAccount, ...]) -> tuple[TieRecord, ...]:
    numbers = (
        NumberRecord(
            key="market.discount",
            title="Crude: discount",
            value="1.75 (1.1 to 2.4)",
            evidence=("F01",),
        ),
        NumberRecord(
            key="hazard",
            title="Crude: hazard",
            value="0.1 (0.02 to 0.3)",
            reason="No record of its like",
        ),
    )
    return tuple(
        TieRecord(
            id=one.tie.replace(" ", "_"),
            kind=one.tie.replace(" ", "_"),
            title=f"The {one.tie} at issue",
            partner=one.partner,
            notes=("Read with care.",),
            numbers=numbers,
        )
        for one in accounts
    )


def tied(
    results: StudyResults, accounts: tuple[TieAccount, ...], told: tuple[TieRecord, ...] = ()
) -> StudyResults:
    """Results that carry accounts of ties, and what the study says of them."""
    ordered = by_size(accounts)
    told = told or records(ordered)
    change = {"ties": told, "hashes": {}}
    return StudyResults(results.manifest.model_copy(update=change), results.data, ordered)


@pytest.fixture(scope="module")
def results(build_results: Callable[..., StudyResults]) -> StudyResults:
    return build_results(scenarios=1, published=False)


@pytest.fixture(scope="module")
def view(results: StudyResults) -> View:
    return View(tied(results, EVERY))


@pytest.fixture(scope="module")
def text(view: View) -> str:
    return render(view.results)


def worth(results: StudyResults, pivot: Estimate, partner: Estimate = SALES) -> str:
    one = account(pivot=pivot, partner=partner)
    return sentences(View(tied(results, (one,))), one)[0]


@given(st.lists(st.floats(-50, 50), min_size=3, max_size=3), st.booleans())
@settings(max_examples=60, deadline=None)
def test_a_gain_or_loss_is_said_only_where_no_number_contradicts(
    numbers: list[float], ordered: bool
) -> None:
    told = money(*(sorted(numbers) if ordered else numbers))
    big = [number for number in numbers if abs(number) >= words.NOTHING]
    assert (words.sign(told) is Sign.OPEN) == (
        any(number > 0 for number in big) and any(number < 0 for number in big)
    )
    assert (words.sign(told) is Sign.NONE) == (not big)
    if words.sign(told) is Sign.GAIN:
        assert min(big) > 0


def test_a_tie_that_gains_is_worth_its_central_value_with_its_range(results: StudyResults) -> None:
    said = worth(results, WORTH).replace("\u00a0", " ")
    assert said.startswith("For India the tie is worth 2.00 (1.80 to 3.20) bn USD a year;")
    assert "for Russia the tie is worth 12.0 (10.0 to 14.0) bn USD a year" in said


def test_a_loss_is_told_by_its_size_from_small_to_large(results: StudyResults) -> None:
    said = worth(results, money(-2.0, -3.2, -1.8)).replace("\u00a0", " ")
    assert "For India the tie is a loss of 2.00 (1.80 to 3.20) bn USD a year" in said


@pytest.mark.parametrize("numbers", [(0.3, -1.0, 2.0), (-0.3, -1.0, 2.0), (-0.1, 0.2, 0.4)])
def test_where_numbers_differ_in_sign_the_sign_is_not_established(
    results: StudyResults, numbers: tuple[float, float, float]
) -> None:
    said = worth(results, money(*numbers)).split(";")[0]
    assert "for india the sign is not established" in said.lower()
    assert "is worth" not in said
    assert "loss" not in said


def test_what_is_not_counted_is_neither_worth_nor_loss(results: StudyResults) -> None:
    said = worth(results, WORTH, NOTHING).split(";")[1]
    assert said == " for Russia nothing is counted."
    assert "puts no money of India's at risk" in sentences(View(tied(results, EVERY)), PACT)[2]


@pytest.mark.parametrize(("central", "said"), [(1.9, False), (2.1, True)])
def test_a_risk_beyond_the_worth_is_said(results: StudyResults, central: float, said: bool) -> None:
    one = account(exposure=money(central, 0.5, 4.0))
    told = sentences(View(tied(results, (one,))), one)[2]
    assert ("more than the tie is worth to India" in told) is said


def test_a_value_that_leaves_out_a_side_says_what_it_counts(results: StudyResults) -> None:
    part = replace(money(-1, -2, -0.5), counted="costs alone")
    assert "a loss of 1.00 (0.50 to 2.00) bn USD a year, counting costs alone;" in (
        worth(results, part)
    )
    assert "counting" not in worth(results, money(-1, -2, -0.5))


def test_pivot_and_partner_are_called_by_their_names(view: View) -> None:
    said = sentences(view, OIL)[1]
    assert said == (
        "Share of India's crude Russia supplies: 36.0% (31.0% to 40.0%). "
        "Time to replace: 1.20 (0.80 to 2.00) years, until others cover half of it."
    )


def test_small_money_never_reads_as_nothing() -> None:
    assert words.billion(-0.4) == "−0.0004"
    assert words.gain(20.0) == "+0.020"
    assert words.billion(1e-6) == "0"


def _x_scales(spec: Any) -> list[Any]:
    """Every horizontal scale and axis type set anywhere in a specification."""
    found = []
    if isinstance(spec, dict):
        found += (
            [spec["x"]["scale"]] if isinstance(spec.get("x"), dict) and "scale" in spec["x"] else []
        )
        for part in spec.values():
            found += _x_scales(part)
    elif isinstance(spec, list):
        for part in spec:
            found += _x_scales(part)
    return found


@pytest.mark.parametrize("width", [figures.WIDE, figures.NARROW])
def test_all_ties_share_one_linear_scale_that_holds_zero(view: View, width: int) -> None:
    (scale,) = _x_scales(chart.ties_chart(view, width))
    assert scale.get("type", "linear") == "linear"
    low, high = scale["domain"]
    assert low < -1.9 < 0.0 < 14.0 < high
    gains = View(tied(view.results, (OIL, account("arms", money(0.02, 0.01, 0.03)))))
    ((low, high),) = [scale["domain"] for scale in _x_scales(chart.ties_chart(gains, width))]
    assert -0.05 * high < low <= 0.0


def test_bars_are_as_long_as_the_money_they_stand_for(results: StudyResults) -> None:
    pair = (account("oil", money(4.0, 4.0, 4.0)), account("arms", money(0.02, 0.02, 0.02)))
    drawn = figures.svg(chart.ties_chart(View(tied(results, pair))), "chart")
    bars = re.findall(r'<line[^>]*x2="(-?[\d.]+)"[^>]*stroke-width="11"', drawn)
    lengths = sorted(abs(float(length)) for length in bars)
    assert len(lengths) == 6
    assert max(lengths) / min(lengths) == pytest.approx(12.0 / 0.02, rel=0.02)


def test_every_number_of_the_chart_stands_in_its_labels_and_is_read_out(view: View) -> None:
    spoken = chart.spoken(view).replace("\u00a0", " ")
    drawn = json.dumps(chart.ties_chart(view), ensure_ascii=False).replace("\u00a0", " ")
    for told in ("India +0.020 (+0.010 to +0.030)", "Russia −0.0004"):
        assert told in spoken
        assert told in drawn
    assert "Russia nothing counted" in spoken


def test_what_is_not_counted_has_no_mark(view: View) -> None:
    rows = next(g for g in chart.groups(view) if "logistics" in g.heading).rows
    assert [row.value == row.value for row in rows] == [True, False, False]


def test_ties_stand_in_order_of_size_in_chart_and_sections(view: View, text: str) -> None:
    titles = [f"The {one.tie} at issue" for one in by_size(EVERY)]
    assert [group.heading for group in chart.groups(view)] == titles
    assert [section.title for section in Ties(view).sections] == titles
    heads = re.findall(r'<h3 id="tie\d+-title">(.*?)</h3>', text)
    assert heads == titles


def test_each_section_says_its_sentence_before_any_table(text: str) -> None:
    for part in re.findall(r'<article id="tie\d+".*?</article>', text, re.S):
        assert 0 < part.index('class="said"') < part.index("<table>")


def test_every_number_of_an_account_is_shown_with_range_and_unit(view: View, text: str) -> None:
    first = Ties(view).sections[0]
    lines = {line.name: line for line in (*first.head, *first.details)}
    assert len(lines) == 5 + len(OIL.details)
    assert (lines["Discount"].central, lines["Discount"].unit) == ("1.75", "USD a barrel")
    assert lines["Gross exit under pressure"].interval == "45.0\u00a0to 50.0"
    assert lines["Gross exit under pressure"].unit == "%"
    assert lines["Worth to India"].unit == "bn USD a year"
    for one in lines.values():
        assert one.central in text
        assert one.interval in text


def test_assumptions_are_told_from_facts(view: View, text: str) -> None:
    assert [one.key for one in Ties(view).sections[0].assumed] == ["hazard"]
    told = "1 of the 2 numbers that go in: Crude: hazard <code>hazard</code>."
    assert text.count(told) == len(EVERY)
    assert [number.key for number in Ties(view).sections[0].inputs] == ["hazard", "market.discount"]
    assert "No record of its like" in text


def test_a_fact_read_with_a_judgement_is_not_counted_as_assumed(results: StudyResults) -> None:
    both = NumberRecord(
        key="quota", title="Quota", value="1 (0 to 2)", evidence=("F01",), reason="Our ends."
    )
    (told,) = records((OIL,))
    told = told.model_copy(update={"numbers": (*told.numbers, both)})
    (section,) = Ties(View(tied(results, (OIL,), (told,)))).sections
    assert ([one.key for one in section.assumed], section.judged) == (["hazard"], 1)
    assert [one.key for one in section.inputs] == ["hazard", "quota", "market.discount"]
    assert "1 takes a fact, and a judgement" in render(tied(results, (OIL,), (told,)))


def test_numbers_that_rest_on_the_same_share_a_row(results: StudyResults) -> None:
    (told,) = records((OIL,))
    again = told.numbers[1].model_copy(update={"key": "persistence", "value": "0.5 (0.2 to 1)"})
    told = told.model_copy(update={"numbers": (*told.numbers, again)})
    (section,) = Ties(View(tied(results, (OIL,), (told,)))).sections
    keys = [[one.key for one in ground.numbers] for ground in section.grounds]
    assert keys == [["hazard", "persistence"], ["market.discount"]]
    text = render(tied(results, (OIL,), (told,)))
    assert text.count("No record of its like") == 1
    assert "0.5 (0.2 to 1) <code>persistence</code>" in text


def test_numbers_of_an_order_or_a_group_stand_together_under_its_name(
    results: StudyResults,
) -> None:
    order = {"squadrons: price": money(6, 5, 7), "squadrons: per_point": money(1, 0.5, 2)}
    one = account(**order, discount=money(1, 0.5, 2))
    (section,) = Ties(View(tied(results, (one,)))).sections
    (part,) = section.parts
    assert part.name == "Squadrons"
    assert [line.name for line in part.lines] == ["Price", "Per point"]
    assert "Discount" in [line.name for line in section.details]
    assert "<summary>Squadrons</summary>" in render(tied(results, (one,)))


def test_facts_link_to_the_ties_that_cite_them(text: str) -> None:
    row = re.findall(r'<tr id="fact-F01">.*?</tr>', text, re.S)[0]
    for place in range(len(EVERY)):
        assert f'href="#tie{place + 1}"' in row


def test_a_central_value_outside_its_range_is_explained(results: StudyResults) -> None:
    for central, said in ((2.0, False), (3.3, True)):
        view = View(tied(results, (account(pivot=money(central, 1.8, 3.2)),)))
        notes = " ".join(Ties(view).sections[0].notes)
        assert ("outside its range" in notes) is said
        assert ("central figure lies outside" in Ties(view).sections[0].sentences[0]) is said


@pytest.mark.parametrize(
    "note", ["USA stands for a -> b", "A pivotal partner in OPEC", "every partner pays"]
)
def test_notes_of_the_author_stand_as_written_and_those_of_the_program_with_names(
    results: StudyResults, note: str
) -> None:
    told = records((OIL,))[0].model_copy(update={"notes": (note,)})
    one = replace(OIL, notes=("the pivot buys from USA -> IND",))
    (section,) = Ties(View(tied(results, (one,), (told,)))).sections
    assert section.notes[:2] == (note, "India buys from the United States → India.")


def test_a_tie_without_an_account_says_why(results: StudyResults) -> None:
    lost = records((DEAL,))[0].model_copy(update={"failure": "the world holds no such sector"})
    text = render(tied(results, (OIL,), (*records((OIL,)), lost)))
    assert "No account of The trade agreement at issue: the world holds no such sector" in text
    assert text.count('<article id="tie') == 1


def test_a_study_without_ties_has_no_section_for_them(results: StudyResults) -> None:
    text = render(results)
    assert 'id="ties"' not in text
    assert 'href="#ties"' not in text


def test_a_tie_with_an_unknown_country_is_refused(results: StudyResults) -> None:
    with pytest.raises(UnknownNameError, match="RUX"):
        View(tied(results, (account(code="RUX"),)))


def test_texts_of_a_tie_are_escaped(results: StudyResults) -> None:
    bad = '<b>"x"</b> & </script>'
    one = account(discount=Estimate(1.0, 0.5, 2.0, bad, bad))
    told = tuple(r.model_copy(update={"title": bad}) for r in records((one,)))
    text = render(tied(results, (one,), told))
    assert '<b>"x"' not in text
    assert bad in unescape(text)


def test_results_saved_and_loaded_give_the_same_sections(view: View, tmp_path: Path) -> None:
    loaded = View(StudyResults.load(view.results.save(tmp_path)))
    assert Ties(loaded).sections == Ties(view).sections
    assert chart.spoken(loaded) == chart.spoken(view)


def test_a_study_of_another_pair_is_told_by_its_own_names(
    build_results: Callable[..., StudyResults],
) -> None:
    one = account(code="USA")
    said = sentences(View(tied(build_results(rivals=("USA",)), (one,))), one)[0]
    assert "for the United States the tie is worth" in said
