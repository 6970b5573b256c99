"""Orders that an arms tie could place: the threat to them, transfer, and their split."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from tula.numbers.write import money
from tula.ties import arms
from tula.ties.account import TieAccount
from tula.ties.arms import ArmsTie, frontier, place
from tula.ties.arms.tie import fleets, inputs

STATUTE: dict[str, Any] = {
    "name": "statute",
    "enacted": "2017-08-02",
    "chance": {"alpha": 2, "beta": 6},
    "delay": 17.0,
    "loss": 0.002 * 3784.5,
    "lasts": 1.0,
}
ORDER: dict[str, Any] = {
    "name": "air defence",
    "supplier": "RUS",
    "price": 6.25,
    "capacity": {"RUS": 1.0, "USA": 0.6, "ISR": 0.5},
    "exposed": 1.0,
    "transfer": {"premium": 0.2, "frees": 0.5, "delay": 3.0},
}


def supplier(region: str, **changes: Any) -> dict[str, Any]:
    return {
        "region": region,
        "stock_share": 0.2,
        "delivery_share": 0.3,
        "hazard": 0.05,
        "substitutability": 0.3,
        "spares_years": 0.0,
        "failure_years": 2.0,
        "delivery_delay": 4.0,
        "price": 1.1,
        **changes,
    }


def tie(*orders: dict[str, Any], **changes: Any) -> ArmsTie:
    given = {
        "pivot": "IND",
        "suppliers": [
            supplier("RUS", stock_share=0.6, delivery_share=0.4, price=1.0, hazard=0.1),
            supplier("USA"),
            supplier("ISR"),
        ],
        "stock": 100.0,
        "imports": 5.0,
        "retirement": 0.04,
        "discount": 0.0,
        "switching_cost": 0.3,
        "margin": 0.1,
        "readiness_value": 30.0,
        "statute": STATUTE,
        "threatened": "RUS",
        "transactions": 0.25,
        "orders": orders,
    }
    return ArmsTie.model_validate({**given, **changes})


def account(given: ArmsTie, partner: str) -> TieAccount:
    return arms.account(given, partner, draws=16)


def told(found: TieAccount, name: str) -> float:
    return found.details[f"air defence: {name}"].central


def test_a_tenth_more_on_five_squadrons_breaks_even_at_a_hazard_of_eight_percent() -> None:
    """A loss of 0.2% of a GDP of 3,784.5 (fact M67) and 6.25 billion (five at 1.25, fact A05)."""
    found = account(tie(ORDER), "RUS")
    assert told(found, "break_even_hazard") == pytest.approx(0.0826, abs=5e-5)


def test_the_surcharge_that_a_hazard_justifies_breaks_even_at_that_hazard() -> None:
    """One year's exposure makes the yearly hazard the statute's chance, a quarter."""
    found = account(tie(ORDER), "RUS")
    assert told(found, "statute_hazard") == pytest.approx(0.25)
    ratio = told(found, "justified_surcharge") / 0.10
    assert ratio == pytest.approx(0.25 / told(found, "break_even_hazard"))


def test_the_three_splits_run_from_cheapest_to_least_dependent() -> None:
    found = account(tie(ORDER), "RUS")
    kinds = ("cheapest", "balanced", "least_dependent")
    costs = [told(found, f"{kind}_cost") for kind in kinds]
    shares = [told(found, f"{kind}_share") for kind in kinds]
    assert costs == pytest.approx([6250.0, 6562.5, 6875.0])
    assert shares[1] == pytest.approx((shares[0] + shares[2]) / 2.0)
    assert shares[2] == pytest.approx(0.6 / 1.0625)


def test_the_halfway_split_lies_on_the_frontier_and_not_on_the_line_between_its_ends() -> None:
    given = tie(ORDER, suppliers=[
        supplier("RUS", stock_share=0.6, delivery_share=0.4, price=1.0),
        supplier("USA", price=1.5),
        supplier("ISR", price=1.1),
    ])  # fmt: skip
    found = account(given, "RUS")
    ends = told(found, "cheapest_cost"), told(found, "least_dependent_cost")
    assert ends == pytest.approx((6250.0, 6250.0 * 1.3))
    assert told(found, "balanced_cost") == pytest.approx(6250.0 * 1.05)


def test_a_point_freed_by_transfer_and_one_freed_by_switching_are_the_same_point() -> None:
    """Transfer that frees all tied spares frees what buying everything elsewhere frees."""
    whole = {**ORDER, "transfer": {"premium": 0.1, "frees": 1.0, "delay": 0.0}}
    found = account(tie(whole), "RUS")
    assert told(found, "transfer_points") == pytest.approx(100 * 0.7 * 0.0625 / 1.0625)
    assert told(found, "transfer_per_point") == pytest.approx(told(found, "switch_per_point"))


def test_transfer_is_worth_the_readiness_it_buys_less_its_price() -> None:
    found = account(tie(ORDER), "RUS")
    again = account(tie(ORDER, readiness_value=60.0), "RUS")
    price = told(found, "transfer_price")
    assert price == pytest.approx(1250.0)
    once, twice = (told(one, "transfer_worth") + price for one in (found, again))
    assert once > 0.0
    assert twice == pytest.approx(2.0 * once)


def test_an_order_that_only_one_can_deliver_has_no_split_and_no_break_even() -> None:
    lease = {name: value for name, value in ORDER.items() if name != "capacity"}
    names = {name.rpartition(": ")[2] for name in account(tie(lease), "RUS").details}
    assert "justified_surcharge" in names
    assert not {"break_even_hazard", "cheapest_cost", "switch_per_point"} & names


def test_an_order_that_others_fill_in_part_has_a_split_and_no_break_even() -> None:
    part = {**ORDER, "capacity": {"USA": 0.6}}
    names = {name.rpartition(": ")[2] for name in account(tie(part), "RUS").details}
    assert "least_dependent_cost" in names
    assert "break_even_hazard" not in names


def test_without_a_statute_an_order_is_under_no_threat() -> None:
    free = tie(ORDER, statute=None, threatened=None, transactions=0.0)
    names = {name.rpartition(": ")[2] for name in account(free, "RUS").details}
    assert not {"justified_surcharge", "statute_hazard", "break_even_hazard"} & names


def test_an_order_is_told_in_the_account_of_its_supplier_alone() -> None:
    found = account(tie(ORDER), "USA")
    assert not [name for name in found.details if name.startswith("air defence")]


def test_orders_leave_the_lines_of_the_account_as_they_are() -> None:
    with_order, without = account(tie(ORDER), "RUS"), account(tie(), "RUS")
    assert with_order.value_to_pivot.central == without.value_to_pivot.central
    assert with_order.exposure.central == without.exposure.central


def test_the_gist_of_an_order_is_noted() -> None:
    found = account(tie(ORDER), "RUS")
    (note,) = [note for note in found.notes if note.startswith("air defence: ")]
    assert "a hazard of 25% a year, and others' price is worth paying above 8.3%" in note
    assert f"costs {money(told(found, 'transfer_per_point'))} by technology transfer" in note
    assert f"{money(told(found, 'switch_per_point'))} by buying elsewhere" in note
    lease = {name: value for name, value in ORDER.items() if name in ("name", "supplier", "price")}
    (other,) = [
        note
        for note in account(tie({**lease, "exposed": 1.0}), "RUS").notes
        if note.startswith("air defence: ")
    ]
    assert other.endswith("a hazard of 25% a year, which would justify paying 30% more elsewhere")


def test_ranges_of_an_order_reach_what_is_told_of_it() -> None:
    wide = {**ORDER, "price": {"value": 6.25, "low": 5.0, "high": 8.0}}
    line = account(tie(wide), "RUS").details["air defence: cheapest_cost"]
    assert 5000.0 < line.low < line.central < line.high < 8000.0


def test_the_split_is_the_frontier_of_the_order() -> None:
    given = tie(ORDER)
    values = {name: quantity.value for name, quantity in inputs(given).items()}
    placed = place(given.orders[0], fleets(given, values), values)
    corners = frontier(placed.offers, against="RUS")
    assert [corner.cost for corner in placed.corners] == [corner.cost for corner in corners]
    assert placed.offers.size == pytest.approx(0.0625)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"supplier": "FRA"}, r"orders\.0\.supplier: unknown supplier 'FRA'"),
        ({"capacity": {"RUS": 1.0, "FRA": 0.2}}, r"orders\.0\.capacity\.FRA: unknown supplier"),
        (
            {"capacity": {"RUS": 0.5, "USA": 0.3}},
            r"orders\.0\.capacity: at the lower ends only 0\.8 of the order can be delivered",
        ),
    ],
)
def test_an_order_that_does_not_fit_the_tie_is_refused(
    changes: dict[str, Any], expected: str
) -> None:
    with pytest.raises(ValidationError, match=expected):
        tie({**ORDER, **changes})


def test_two_orders_of_one_name_are_refused() -> None:
    with pytest.raises(ValidationError, match=r"orders\.1\.name: 'air defence' stands twice"):
        tie(ORDER, ORDER)


def test_transfer_that_frees_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="above zero"):
        tie({**ORDER, "transfer": {"premium": 0.1, "frees": 0.0, "delay": 0.0}})
