"""Suppliers' shares, concentration and the half-life of dependence."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest

from tula.ties.arms import (
    DeliveryError,
    ShareFitError,
    concentration,
    fit_decay,
    supplier_shares,
)
from tula.ties.arms.shares import Delivery

SUCCESSORS = {"Soviet Union": "Russia"}


def published(folder: Path, supplier: str) -> dict[str, float]:
    with (folder / "sipri" / "india_supplier_shares_windows.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["supplier"] == supplier]
    return {row["window"]: float(row["share_pct"]) / 100.0 for row in rows}


def deliveries(folder: Path) -> list[Delivery]:
    with (folder / "sipri" / "india_imports_tiv_1950_2021.csv").open(encoding="utf-8") as file:
        return [
            (row["supplier"], int(row["year"]), float(row["value"])) for row in csv.DictReader(file)
        ]


def test_an_exact_exponential_gives_its_own_half_life() -> None:
    shares = {float(year): 0.9 * 2.0 ** (-(year - 2000) / 12.0) for year in range(2000, 2020, 3)}
    decay = fit_decay(shares)
    assert decay.half_life == pytest.approx(12.0, rel=1e-12)
    assert decay.rate_error < 1e-12
    assert decay.share(2012.0) == pytest.approx(0.45, rel=1e-12)


def test_seventy_then_fiftyone_then_forty_per_cent_halve_in_about_twelve_years() -> None:
    decay = fit_decay({2013.0: 0.70, 2018.0: 0.51, 2023.0: 0.40})
    assert decay.half_life == pytest.approx(10.0 * math.log(2.0) / math.log(0.70 / 0.40))
    assert decay.half_life == pytest.approx(12.4, abs=0.05)
    assert 0.0 < decay.rate_error < decay.rate


def test_the_standard_error_is_that_of_least_squares() -> None:
    years, shares = np.array([0.0, 1.0, 2.0, 4.0]), np.array([0.8, 0.7, 0.45, 0.4])
    _, covariance = np.polyfit(years, np.log(shares), 1, cov="unscaled")
    fitted = np.polyval(np.polyfit(years, np.log(shares), 1), years)
    expected = math.sqrt(covariance[0, 0] * ((np.log(shares) - fitted) ** 2).sum() / 2)
    decay = fit_decay(dict(zip(years.tolist(), shares.tolist(), strict=True)))
    assert decay.rate_error == pytest.approx(expected, rel=1e-9)


def test_two_dates_fit_exactly_but_give_no_error() -> None:
    decay = fit_decay({0.0: 0.5, 10.0: 0.5})
    assert decay.half_life == math.inf
    assert math.isnan(decay.rate_error)


def test_a_growing_share_has_a_negative_half_life() -> None:
    assert fit_decay({0.0: 0.2, 5.0: 0.4}).half_life == pytest.approx(-5.0)


@pytest.mark.parametrize(
    "shares", [{2000.0: 0.5}, {2000.0: 0.5, 2001.0: 0.0}, {1.0: 0.5, 2.0: 50.0}]
)
def test_a_decay_of_what_is_no_share_is_refused(shares: dict[float, float]) -> None:
    with pytest.raises(ShareFitError, match=r"\(0, 1\]"):
        fit_decay(shares)


def test_concentration_lies_between_an_even_split_and_a_monopoly() -> None:
    assert concentration(dict.fromkeys("abcd", 0.25)) == pytest.approx(0.25)
    assert concentration({"a": 1.0}) == 1.0
    with pytest.raises(DeliveryError, match="sum"):
        concentration({"a": 40.0, "b": 60.0})


def test_shares_merge_only_the_names_they_are_told_to() -> None:
    rows = [("Soviet Union", 1991, 3.0), ("Russia", 1992, 1.0), ("France", 1992, 4.0)]
    assert supplier_shares(rows, 1991, 1992)["Soviet Union"] == pytest.approx(3 / 8)
    merged = supplier_shares(rows, 1991, 1992, same=SUCCESSORS)
    assert merged == pytest.approx({"France": 0.5, "Russia": 0.5})


def test_negative_volumes_and_empty_windows_are_refused() -> None:
    with pytest.raises(DeliveryError, match="Russia"):
        supplier_shares([("Russia", 2000, -1.0)], 2000, 2001)
    with pytest.raises(DeliveryError, match="no deliveries from 1990 to 1991"):
        supplier_shares([("Russia", 2000, 1.0)], 1990, 1991)


@pytest.mark.reference
@pytest.mark.parametrize(
    "first, last, window, gap", [(2010, 2014, "2010-14", 0.006), (2011, 2015, "2011-15", 0.006)]
)
def test_shares_of_delivery_volumes_are_the_published_ones(
    reference_data: Path, first: int, last: int, window: str, gap: float
) -> None:
    found = supplier_shares(deliveries(reference_data), first, last, same=SUCCESSORS)
    assert found["Russia"] == pytest.approx(published(reference_data, "Russia")[window], abs=gap)


@pytest.mark.reference
def test_later_editions_of_the_register_revise_shares_by_no_more_than_four_points(
    reference_data: Path,
) -> None:
    found = supplier_shares(deliveries(reference_data), 2016, 2020, same=SUCCESSORS)["Russia"]
    gap = found - published(reference_data, "Russia")["2016-20"]
    assert 0.02 < gap < 0.04


@pytest.mark.reference
def test_the_published_windows_of_russias_share_halve_in_twelve_years(
    reference_data: Path,
) -> None:
    windows = published(reference_data, "Russia")
    middles = {2013.0: "2011-15", 2018.0: "2016-20", 2023.0: "2021-25"}
    decay = fit_decay({middle: windows[window] for middle, window in middles.items()})
    assert decay.half_life == pytest.approx(12.4, abs=0.1)


@pytest.mark.reference
def test_yearly_volumes_give_a_half_life_near_that_of_the_windows(reference_data: Path) -> None:
    rows = deliveries(reference_data)
    ends = range(2014, 2022)
    shares = {
        end - 2.0: supplier_shares(rows, end - 4, end, same=SUCCESSORS)["Russia"] for end in ends
    }
    assert fit_decay(shares).half_life == pytest.approx(11.85, abs=0.1)
