import numpy as np
import pytest
import xarray as xr

from made_data import set_states
from tula.study.answers import Teller
from tula.study.results import StudyResults
from tula.ties.account import HEAD, account_of
from tula.ties.quantity import Estimate


def teller(data: xr.Dataset) -> Teller:
    return Teller(data, "AAA", ("BBB", "CCC"), "fixed", "FGO")


def with_income(results: StudyResults, change: float) -> xr.Dataset:
    data = results.data.copy(deep=True)
    data["real_income"][:] = change
    data["ev"][:] = 1000.0 * change
    for name in ("pair_goods_tariff", "pair_trade"):
        set_states(data, name, data[name].values[..., 0], data[name].values[..., 0])
    return data


@pytest.mark.parametrize(("change", "verb"), [(0.4, "gains"), (-0.4, "loses")])
def test_an_answer_says_who_gains_and_who_loses(
    results: StudyResults, change: float, verb: str
) -> None:
    text = teller(with_income(results, change)).scenario("S1")
    for name in ("Aland", "Beland", "Celand"):
        assert f"{name} {verb} 0.40% of real income (0.40 bn USD a year)" in text
    assert f"at {'+' if change > 0 else '−'}0.40%" in text


@pytest.mark.parametrize(("factor", "word"), [(1.5, "rise by"), (0.5, "fall by")])
def test_an_answer_names_the_flow_that_moves_most(
    results: StudyResults, factor: float, word: str
) -> None:
    data = with_income(results, -0.1)
    after = xr.full_like(data["pair_trade"].sel(state="new"), 2000.0)
    after.loc[{"exporter": "AAA", "importer": "BBB"}] *= factor
    set_states(data, "pair_trade", 2000.0, after.values)
    text = teller(data).scenario("S1")
    assert f"Most moved: Aland's sales of goods and services to Beland {word} 1.0 bn USD" in text


def test_a_duty_is_told_only_where_it_moves(results: StudyResults) -> None:
    data = with_income(results, -0.1)
    assert "duty" not in teller(data).scenario("S1")
    where = {"exporter": "AAA", "importer": "BBB"}
    data["pair_goods_tariff"].loc[where] = [3.0, 35.0, 32.0]
    assert "duty of Beland on goods of Aland goes from 3.0% to 35%" in teller(data).scenario("S1")


def test_a_failed_headline_is_said_and_not_papered_over(results: StudyResults) -> None:
    data = with_income(results, -0.1)
    data["real_income"].loc[{"closure": "fixed"}] = np.nan
    assert "No equilibrium was found" in teller(data).scenario("S1")


def test_failed_solves_are_counted_in_the_range(results: StudyResults) -> None:
    data = xr.concat([with_income(results, -0.1)] * 2, dim="elasticity", data_vars="minimal")
    data = data.assign_coords(elasticity=["FGO", "CP"])
    data["real_income"].loc[{"closure": "balanced", "elasticity": "CP"}] = np.nan
    assert "3 variants of the model (1 solves failed)" in teller(data).scenario("S1")


def test_the_state_before_any_move_counts_goods_only(results: StudyResults) -> None:
    data = results.data.copy(deep=True)
    data["pivot_exports"].loc[{"importer": "BBB", "state": "base"}] = [2000.0, 7000.0]
    data["pivot_imports"].loc[{"exporter": "BBB", "state": "base"}] = [3000.0, 9000.0]
    text = teller(data).state()
    assert "Aland sells goods worth 2.0 bn USD a year to Beland and buys 3.0 bn USD" in text
    assert "more of farming than of anything else (3.0 bn USD)" in text


def test_a_range_across_zero_counts_gains_and_losses(results: StudyResults) -> None:
    data = with_income(results, -0.1)
    assert "a gain in" not in teller(data).scenario("S1")
    data["real_income"].loc[{"closure": "balanced"}] = 0.2
    assert teller(data).scenario("S1").endswith("and +0.20%: a gain in 1, a loss in 1.")


def test_ties_go_by_the_study_s_titles_or_else_by_kind_and_partner(results: StudyResults) -> None:
    lines = {name: Estimate(1000.0, 500.0, 2000.0, "million USD a year", "") for name in HEAD}
    account = account_of("oil", "AAA", "BBB", lines)
    said = teller(results.data).ties([account, account], ["Crude from Beland", ""])
    assert "Crude from Beland 1.0 (0.50 to 2.0) and oil with" in said
    assert teller(results.data).ties([], []) == ""
