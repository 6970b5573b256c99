import pytest

from tula.errors import UnknownNameError
from tula.metrics import METRICS
from tula.study.explain import explain


def test_a_key_is_told_with_meaning_unit_and_example() -> None:
    (one,) = explain("answer.threats.months")
    assert (one.unit, one.example, one.needed) == ("months", "`10.0`", True)
    assert one.meaning


def test_positions_and_ids_of_lists_are_passed_over() -> None:
    assert explain("answer.threats.0.months") == explain("answer.threats.months")
    assert explain("answer.threats.usa-duty.months") == explain("answer.threats.months")


def test_a_name_that_stands_in_several_places_is_told_for_each() -> None:
    places = {one.place for one in explain("honoured")}
    assert {"answer.threats.honoured", "answer.options.offer.honoured"} <= places


@pytest.mark.parametrize("name", sorted(METRICS))
def test_every_metric_is_explained(name: str) -> None:
    assert METRICS[name].unit in {one.unit for one in explain(name)}


def test_a_word_of_the_answer_is_explained_where_no_key_is_called_so() -> None:
    odds = {one.place: one.meaning for one in explain("odds")}
    assert odds["answer.odds"].startswith("Chance over draws")
    (sign,) = explain("answer.price.sign")
    assert not sign.needed
    assert all(not one.place.startswith("answer.courses") for one in explain("honoured"))


def test_a_wrong_key_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'pivot'"):
        explain("pivto")
    with pytest.raises(UnknownNameError, match="did you mean 'real_income'"):
        explain("welfare")
    with pytest.raises(UnknownNameError, match="valid: "):
        explain("zzzz")
