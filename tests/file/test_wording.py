"""Every number of a study is told in words of its type and its author, and by its address."""

from __future__ import annotations

import pytest

from tula.file.document import parse_document
from tula.file.wording import addressed, in_words
from tula.study.load import load_study
from tula.study.schema import StudyFile

TEXT = """\
beliefs:
  duty: {value: 25 pp, title: the size of the duty, reason: x}
  plain: 3
elasticities: {LOW: {set: world, sectors: {OIL: 9}}}
ties:
  - settlement:
      id: pay
      title: Payments
      exports: 5
      network: {rails: [{start: a, end: b, capacity: 3}]}
"""


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (("beliefs", "duty"), "the size of the duty"),
        (("beliefs", "plain"), "beliefs plain"),
        (
            ("ties", 0, "settlement", "exports"),
            "Payments: what the pivot sells to the partner (bn USD a year)",
        ),
        (
            ("ties", 0, "settlement", "network", "rails", 0, "capacity"),
            "Payments, a -> b: throughput (bn USD a year)",
        ),
        (("elasticities", "LOW", "sectors", "OIL"), "sectors OIL"),
        (
            ("ties", 7, "settlement", "exports"),
            "what the pivot sells to the partner (bn USD a year)",
        ),
    ],
)
def test_a_number_is_called_by_what_holds_it_and_what_its_field_means(
    path: tuple[str | int, ...], words: str
) -> None:
    assert in_words(StudyFile, parse_document(TEXT, "study.yaml").content, path) == words


def test_its_address_stands_beside() -> None:
    content = parse_document(TEXT, "study.yaml").content
    told = addressed(StudyFile, content, ("ties", 0, "settlement", "exports"))
    assert (
        told == "Payments: what the pivot sells to the partner (bn USD a year) (ties.pay.exports)"
    )


def test_no_number_of_the_first_study_goes_by_its_bare_key() -> None:
    study = load_study("india-2025")
    for one in study.grounds.numbers.values():
        assert " " in study.number(one).title, study.number(one).key


def test_every_number_of_the_first_study_is_told_by_itself() -> None:
    """No title reads on from a field above it, and what has a unit says so."""
    study = load_study("india-2025")
    told = [study.number(one).title for one in study.grounds.numbers.values()]
    assert not [one for one in told if ": that " in one or ": until " in one]
    assert any(one.endswith("(probability a year)") for one in told)
    assert not [one for one in told if one.endswith("(share)")]
