"""The study's answer in words, for either sign of the price of balance."""

import numpy as np
import pytest
import xarray as xr

from tula.study.answers import Teller
from tula.study.results import StudyResults
from tula.study.schema import Weigh
from tula.study.weighing import Balance

WAYS = Weigh(keep="S0", give_way="S1", keep_words="stays", give_way_words="leaves")
SETS = {"FGO": "trade answers a lot", "CP": "trade answers little"}


def weighed(results: StudyResults, prices: list[list[float]], ways: Weigh = WAYS) -> list[str]:
    """The answer where giving way changes income by ``prices`` (elasticity by closure), % ."""
    names = list(SETS)[: len(prices)]
    data = xr.concat(
        [results.data.copy(deep=True)] * len(prices), "elasticity", data_vars="minimal"
    )
    data = data.assign_coords(elasticity=names)
    data["real_income"][:] = -0.5
    data["ev"][:] = -500.0
    for name, row in zip(names, prices, strict=True):
        for closure, price in zip(("fixed", "balanced"), row, strict=True):
            where = {"scenario": "S1", "elasticity": name, "closure": closure}
            data["real_income"].loc[where] = price - 0.5
            data["ev"].loc[where] = 1000.0 * (price - 0.5)
    teller = Teller(data, "AAA", ("BBB", "CCC"), "fixed", "FGO")
    return Balance(teller, ways, {"S0": "Stay", "S1": "Leave"}, SETS).answer()


@pytest.mark.parametrize(
    ("price", "verdict"),
    [
        (
            -0.3,
            "cheaper for Aland than giving way: it saves 0.30% of real income (0.30 bn USD a year)",
        ),
        (
            0.3,
            "dearer for Aland than giving way: it costs 0.30% of real income (0.30 bn USD a year)",
        ),
        (0.001, "come to the same for Aland: the two differ by less than 0.01%"),
    ],
)
def test_the_verdict_has_the_sign_of_the_price(
    results: StudyResults, price: float, verdict: str
) -> None:
    assert verdict in weighed(results, [[price, price]])[0]


def test_beside_an_answer_the_two_ways_are_told_as_certain(results: StudyResults) -> None:
    teller = Teller(results.data, "AAA", ("BBB", "CCC"), "fixed", "FGO")
    first = Balance(teller, WAYS, {"S0": "Stay", "S1": "Leave"}, SETS, asked=True).answer()[0]
    assert first.startswith("For certain and for good, keeping its course ")
    assert weighed(results, [[0.3, 0.3]])[0].startswith("Keeping its course ")


@pytest.mark.parametrize(("price", "leaving"), [(-0.3, "loses 0.80%"), (0.7, "gains 0.20%")])
def test_both_ways_are_told_in_the_words_of_the_study(
    results: StudyResults, price: float, leaving: str
) -> None:
    text = weighed(results, [[price, price]])[0]
    assert "If Aland stays, it loses 0.50% of real income" in text
    assert f"If Aland leaves, it {leaving} of real income" in text


def test_without_words_a_way_goes_by_its_title(results: StudyResults) -> None:
    text = weighed(results, [[-0.3, -0.3]], Weigh(keep="S0", give_way="S1"))[0]
    assert "Under 'Leave' Aland loses 0.80% of real income" in text


@pytest.mark.parametrize(
    ("prices", "counts", "span"),
    [
        (
            [[-0.3, -0.2], [-0.1, -0.4]],
            "is cheaper in all 4 variants of the model.",
            "It saves between 0.10% and 0.40% of real income",
        ),
        (
            [[0.3, 0.2], [0.1, 0.4]],
            "is dearer in all 4 variants of the model.",
            "It costs between 0.10% and 0.40% of real income",
        ),
        (
            [[-0.3, -0.2], [-0.1, 0.4]],
            "is cheaper in 3 of 4 variants of the model and dearer in 1.",
            "At best it saves 0.30% of real income against giving way, at worst it costs 0.40%.",
        ),
        (
            [[0.3, 0.2], [0.1, -0.4]],
            "is dearer in 3 of 4 variants of the model and cheaper in 1.",
            "At best it saves 0.40% of real income against giving way, at worst it costs 0.30%.",
        ),
        (
            [[-0.3, -0.2], [0.001, 0.4]],
            "is cheaper in 2 of 4 variants of the model, dearer in 1 and neither cheaper nor",
            "At best it saves 0.30% of real income",
        ),
    ],
)
def test_how_often_the_sign_turns_is_counted(
    results: StudyResults, prices: list[list[float]], counts: str, span: str
) -> None:
    firmness = weighed(results, prices)[1]
    assert counts in firmness
    assert span in firmness


def test_variants_that_make_up_a_whole_set_are_named(results: StudyResults) -> None:
    assert "dearer in 2 (where trade answers little)" in weighed(
        results, [[-0.3, -0.2], [0.1, 0.4]]
    )[1].replace("2 of 4 variants of the model and ", "")
    assert "where trade" not in weighed(results, [[-0.3, -0.2], [-0.1, 0.4]])[1]


def test_failed_solves_are_counted_apart(results: StudyResults) -> None:
    firmness = weighed(results, [[-0.3, -0.2], [-0.1, np.nan]])[1]
    assert "cheaper in all 3 variants" in firmness
    assert "1 more could not be solved" in firmness


def test_a_failed_headline_is_said(results: StudyResults) -> None:
    assert weighed(results, [[np.nan, -0.2]]) == [
        "The two ways open cannot be compared: a solve failed."
    ]


def test_one_variant_alone_claims_no_firmness(results: StudyResults) -> None:
    assert len(weighed(results, [[-0.3, np.nan]])) == 1
