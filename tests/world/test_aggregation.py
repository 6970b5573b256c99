from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from tula.errors import UnknownNameError
from tula.world.aggregation import GroupingError, aggregate, reorder, split_region
from tula.world.checks import check_economy
from tula.world.economy import Economy, array_fields
from tula.world.labels import DuplicateLabelError

REGIONS = {"WEST": ("USA",), "EAST": ("RUS", "IND"), "ROW": ("ROW",)}
SECTORS = {"GOODS": ("OIL", "MAN"), "SER": ("SER",)}


def same_arrays(first: Economy, second: Economy, rtol: float = 0.0) -> bool:
    return all(
        np.allclose(getattr(first, name), getattr(second, name), rtol=rtol, atol=0.0)
        for name in array_fields()
    )


def revenues(economy: Economy) -> tuple[float, float]:
    export = economy.trade * economy.export_tax
    return float(((economy.trade + export) * economy.tariff).sum()), float(export.sum())


def test_merging_keeps_output_expenditure_and_both_revenues(
    make_economy: Callable[..., Economy],
) -> None:
    economy = make_economy(4, 3, 5, export_taxes=True)
    merged = aggregate(
        economy, {"A": ("R00", "R03"), "B": ("R01", "R02")}, {"X": ("S02", "S00"), "Y": ("S01",)}
    )
    np.testing.assert_allclose(merged.output.sum(), economy.output.sum(), rtol=1e-13)
    np.testing.assert_allclose(merged.expenditure.sum(), economy.expenditure.sum(), rtol=1e-13)
    np.testing.assert_allclose(revenues(merged), revenues(economy), rtol=1e-13)
    assert merged.output[0, 0] == pytest.approx(economy.output[np.ix_([0, 3], [0, 2])].sum())


def test_a_merge_that_changes_nothing_returns_the_same_economy(toy_economy: Economy) -> None:
    same = {code: (code,) for code in toy_economy.regions}
    assert aggregate(toy_economy) is toy_economy
    assert aggregate(toy_economy, same, {c: c for c in toy_economy.sectors}) is toy_economy


def test_cells_without_a_merged_member_keep_their_bits(toy_economy: Economy) -> None:
    merged = aggregate(toy_economy, REGIONS)
    assert np.array_equal(merged.tariff[:, 0, 2], toy_economy.tariff[:, 2, 3])
    assert np.array_equal(merged.final[0, :, 2], toy_economy.final[2, :, 3])


def test_merging_in_two_steps_equals_merging_at_once(make_economy: Callable[..., Economy]) -> None:
    economy = make_economy(5, 4, 3, export_taxes=True)
    first = aggregate(
        economy,
        {"A": ("R00", "R01"), "B": ("R02",), "C": ("R03", "R04")},
        {"X": ("S00", "S01"), "Y": ("S02",), "Z": ("S03",)},
    )
    twice = aggregate(first, {"AC": ("A", "C"), "B": ("B",)}, {"XY": ("X", "Y"), "Z": ("Z",)})
    once = aggregate(
        economy,
        {"AC": ("R00", "R01", "R03", "R04"), "B": ("R02",)},
        {"XY": ("S00", "S01", "S02"), "Z": ("S03",)},
    )
    assert same_arrays(twice, once, rtol=1e-12)


def test_without_trade_the_highest_member_duty_stands(toy_economy: Economy) -> None:
    silent = replace(
        toy_economy,
        intermediate=np.zeros_like(toy_economy.intermediate),
        final=np.zeros_like(toy_economy.final),
    )
    merged = aggregate(silent, REGIONS, SECTORS)
    assert merged.tariff[0, 0, 2] == toy_economy.tariff[:2, 2, 3].max()


def test_names_and_whole_groups_survive_and_cut_groups_are_named(toy_economy: Economy) -> None:
    merged = aggregate(toy_economy, REGIONS, SECTORS, region_names={"EAST": "The East"})
    assert merged.labels.region_names == {
        "WEST": "Region USA", "EAST": "The East", "ROW": "Region ROW"
    }  # fmt: skip
    assert merged.labels.sector_groups == {"goods": ("GOODS",), "services": ("SER",)}
    assert merged.labels.region_groups == {"first_two": ("EAST",)}
    cut = aggregate(toy_economy, {"A": ("IND", "USA"), "B": ("RUS", "ROW")})
    assert "first_two" not in cut.labels.region_groups
    assert cut.provenance.steps[-1].endswith("cuts through them: first_two")


def test_every_fault_of_a_grouping_is_listed_at_once(toy_economy: Economy) -> None:
    with pytest.raises(GroupingError) as caught:
        aggregate(toy_economy, {"A": ("IND", "IND", "USB"), "B": ()}, {"G": ("OIL", "SER")})
    for fault in (
        "region 'B' has no members",
        "unknown region 'USB'; did you mean 'USA'",
        "region 'IND' stands 2 times, in 'A' and 'A'",
        "regions 'RUS', 'USA', 'ROW' are missing",
        "sector 'MAN' is missing",
    ):
        assert fault in str(caught.value)


def test_reordering_back_and_forth_gives_the_same_bits(toy_economy: Economy) -> None:
    turned = reorder(toy_economy, ("ROW", "USA", "IND", "RUS"), ("SER", "OIL", "MAN"))
    assert turned.final[3, 1, 2] == toy_economy.final[1, 0, 0]
    assert same_arrays(reorder(turned, toy_economy.regions, toy_economy.sectors), toy_economy)


def test_reordering_with_a_wrong_list_is_refused(toy_economy: Economy) -> None:
    with pytest.raises(GroupingError, match=r"'RUS' stands 2 times.*'USA' is missing"):
        reorder(toy_economy, ("IND", "RUS", "RUS", "ROW"))


def test_two_halves_merged_again_are_the_whole(toy_economy: Economy) -> None:
    halves = split_region(toy_economy, "USA", ("USE", "USW"))
    assert halves.regions == ("IND", "RUS", "USE", "USW", "ROW")
    assert np.array_equal(halves.value_added[2], halves.value_added[3])
    whole = aggregate(
        halves,
        {code: ("USE", "USW") if code == "USA" else (code,) for code in toy_economy.regions},
    )
    assert same_arrays(whole, toy_economy, rtol=1e-14)


def test_splitting_needs_a_known_region_and_new_codes(toy_economy: Economy) -> None:
    with pytest.raises(UnknownNameError):
        split_region(toy_economy, "USB", ("A", "B"))
    with pytest.raises(DuplicateLabelError):
        split_region(toy_economy, "USA", ("IND", "B"))


def test_a_merged_economy_is_sound_but_for_duties_inside_it(toy_economy: Economy) -> None:
    merged = aggregate(toy_economy, REGIONS, SECTORS)
    assert {finding.check for finding in check_economy(merged)} == {"domestic-duty"}


def test_groups_names_and_all_others_may_be_members(toy_economy: Economy) -> None:
    merged = aggregate(
        toy_economy, {"two": "first_two", "US": "Region USA", "rest": ...}, {"g": "goods", "s": ...}
    )
    spelled = aggregate(
        toy_economy,
        {"two": ["IND", "RUS"], "US": ["USA"], "rest": ["ROW"]},
        {"g": ["OIL", "MAN"], "s": ["SER"]},
    )
    assert np.array_equal(merged.intermediate, spelled.intermediate)
    assert np.array_equal(merged.tariff, spelled.tariff)
    assert dict(merged.labels.region_names) == {
        "two": "two", "US": "Region USA", "rest": "rest"
    }  # fmt: skip


def test_a_code_made_of_a_group_alone_is_called_as_the_code(toy_economy: Economy) -> None:
    merged = aggregate(toy_economy, {"first_two": "first_two", "rest": ...})
    assert merged.labels.region_names["first_two"] == "first_two"


@pytest.mark.parametrize(
    ("regions", "told"),
    [
        (
            {"a": "first_two", "b": ["IND", "USA", "ROW"]},
            "region 'IND' stands 2 times, in 'a' and 'b'",
        ),
        ({"a": "IND"}, '"rest": ... takes all that are missing'),
        ({"a": "all", "b": ...}, "region 'b' has no members"),
        ({"a": "IND", "b": ..., "c": ...}, "stands 2 times"),
        ({"a": "first_tow", "b": ...}, "unknown region 'first_tow'"),
    ],
)
def test_what_cannot_be_grouped_is_told(regions, told: str, toy_economy: Economy) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(GroupingError) as caught:
        aggregate(toy_economy, regions)
    assert told in str(caught.value)
