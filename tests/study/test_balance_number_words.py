import pytest

from tula.study.balance.number_words import account_line, oil_number


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("market.buyers.IND.need", "crude needed, India"),
        ("market.buyers.IND.refiners.BPCL.premium", "risk premium, BPCL"),
        ("market.buyers.XXX.freight", "freight, insurance and dealers, XXX"),
        ("market.benchmark", "world price"),
        ("something_new", "something new"),
    ],
)
def test_a_number_of_an_oil_tie_is_told_without_its_key(key: str, told: str) -> None:
    assert oil_number(key, {"IND": "India"}) == told


def test_a_line_of_an_account_is_told_in_words() -> None:
    assert account_line("worst_loss") == "cost of the worst closure while it lasts"
    assert account_line("other_line") == "other line"
