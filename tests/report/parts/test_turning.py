from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from made_answer import PLANE
from tula.report import render
from tula.report.parts.turning.part import Turning
from tula.report.view import View
from tula.strategy.answer.result import Word
from tula.study.verdict import grounded

Answered = Callable[..., View]
WORD = st.sampled_from(["holds", "likely holds", "open", "likely broken", "broken"])


def test_only_beliefs_that_move_the_odds_are_drawn(answered: Answered) -> None:
    part = Turning(answered())
    assert [one.belief for one in part.matter] == ["heeded", "lasting"]
    assert "Part still bought: from 40 at 0.5 to 90 at 0.78" in part.chart.wide


def test_turning_points_are_told_where_there_are_any(answered: Answered) -> None:
    first, second = Turning(answered()).table.rows
    assert first.cells == ("0.62", "0.5 to 0.78", "40 to 90", "0.69", "nowhere")
    assert second.cells[3:] == ("nowhere", "nowhere")


def test_the_smallest_joint_move_names_its_largest_steps_first(answered: Answered) -> None:
    label, price = Turning(answered()).joint
    assert label == (
        "The smallest joint move that turns the label, to likely holds: 1.1 standard deviations "
        "of the beliefs, most of it in part still bought +0.90, months that it lasts −0.50, "
        "break-off +0.01."
    )
    assert price.startswith("No joint move within three standard deviations turns the sign")


def test_the_plane_stands_with_high_values_on_top_and_the_line_where_the_label_turns(
    answered: Answered,
) -> None:
    (top, first), (_, second), (_, third) = Turning(answered()).cells
    assert (top, [cell.odds for cell in first]) == ("0.7", ["95", "95", "95"])
    assert [cell.look for cell in second] == [
        "likely-holds edge-t", "open edge-l edge-t", "likely-broken edge-l edge-t",
    ]  # fmt: skip
    assert [cell.look for cell in third] == ["open edge-t", "open", "likely-broken edge-l"]


@given(words=st.lists(st.tuples(WORD, WORD, WORD), min_size=3, max_size=3))
def test_every_change_of_label_between_neighbours_has_its_line(
    answered: Answered, words: list[tuple[Word, Word, Word]]
) -> None:
    plane = PLANE.model_copy(update={"words": tuple(words)})
    rows = [cells for _, cells in Turning(answered(plane=plane)).cells][::-1]
    across = sum(row[m] != row[m + 1] for row in words for m in (0, 1))
    upwards = sum(words[n][m] != words[n + 1][m] for n in (0, 1) for m in range(3))
    looks = [cell.look for row in rows for cell in row]
    assert sum("edge-l" in look for look in looks) == across
    assert sum("edge-t" in look for look in looks) == upwards


def test_a_study_without_a_plane_is_told_without_it(answered: Answered) -> None:
    view = answered(plane=None)
    assert "plane" not in Turning(view).taken
    assert 'data-csv="plane"' not in render(view.results)


def test_who_says_what_is_believed_is_named_from_the_ledger(answered: Answered) -> None:
    assert grounded(answered().manifest) == {
        "heeded": ["Official gazette"],
        "lasting": ["a judgement"],
        "breaks": ["a judgement"],
    }


def test_the_belief_on_which_most_rests_stands_with_its_ground_and_what_would_turn_it(
    answered: Answered,
) -> None:
    text = render(answered().results)
    part = text[text.index('<section id="turning">') :]
    assert "Most rests on <em>part still bought</em>: 0.62 (0.5 to 0.78)." in part
    assert '<a class="fact" href="#fact-F01">F01</a>' in part[: part.index("standard deviations")]
    assert "At 0.69 the label would be: likely holds." in part
    text = render(answered(turning=answered().results.answer.turning[1:]).results)
    assert "No source gives it. A judgement. No value within its range turns the label" in text
