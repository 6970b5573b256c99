import numpy as np
import pytest
import xarray as xr

from tula.study.answers import Teller
from tula.study.results import StudyResults


def teller(data: xr.Dataset) -> Teller:
    return Teller(data, "AAA", ("BBB", "CCC"), "fixed", "FGO")


def with_income(results: StudyResults, change: float) -> xr.Dataset:
    data = results.data.copy(deep=True)
    data["real_income"][:] = change
    data["ev"][:] = 1000.0 * change
    data["pivot_duty"][:] = data["pivot_duty_base"]
    data["trade_value"][:] = data["trade_base"].sum("sector")
    return data


@pytest.mark.parametrize(("change", "verb"), [(0.4, "gains"), (-0.4, "loses")])
def test_an_answer_says_who_gains_and_who_loses(
    results: StudyResults, change: float, verb: str
) -> None:
    text = teller(with_income(results, change)).scenario("S1")
    for name in ("Aland", "Beland", "Celand"):
        assert f"{name} {verb} 0.40% of real income (0.4 bn USD a year)" in text
    assert f"at {'+' if change > 0 else '−'}0.40%" in text


@pytest.mark.parametrize(("factor", "word"), [(1.5, "rise by"), (0.5, "fall by")])
def test_an_answer_names_the_flow_that_moves_most(
    results: StudyResults, factor: float, word: str
) -> None:
    data = with_income(results, -0.1)
    data["trade_base"][:] = 1000.0
    data["trade_value"][:] = 2000.0
    data["trade_value"].loc[{"exporter": "AAA", "importer": "BBB"}] *= factor
    text = teller(data).scenario("S1")
    assert f"Most moved: Aland's sales of goods and services to Beland {word} 1.0 bn USD" in text


def test_a_duty_is_told_only_where_it_moves(results: StudyResults) -> None:
    data = with_income(results, -0.1)
    assert "duty" not in teller(data).scenario("S1")
    data["pivot_duty_base"].loc[{"region": "BBB"}] = 3.0
    data["pivot_duty"].loc[{"region": "BBB"}] = 35.0
    assert "duty of Beland on goods of Aland goes from 3.0% to 35%" in teller(data).scenario("S1")


def test_a_failed_headline_is_said_and_not_papered_over(results: StudyResults) -> None:
    data = with_income(results, -0.1)
    data["real_income"].loc[{"closure": "fixed"}] = np.nan
    assert "No equilibrium was found" in teller(data).scenario("S1")


def test_failed_solves_are_counted_in_the_range(results: StudyResults) -> None:
    data = xr.concat([with_income(results, -0.1)] * 2, dim="elasticity", data_vars="minimal")
    data = data.assign_coords(elasticity=["FGO", "CP"])
    data["real_income"].loc[{"closure": "balanced", "elasticity": "CP"}] = np.nan
    assert "3 pairs of closure and elasticities (1 solves failed)" in teller(data).span("S1")


@pytest.mark.parametrize(
    ("keep", "give_way", "verdict"),
    [(-0.2, -0.5, "saves Aland 0.30%"), (-0.5, -0.2, "costs Aland 0.30%")],
)
def test_the_price_of_balance_is_what_giving_way_would_save(
    results: StudyResults, keep: float, give_way: float, verdict: str
) -> None:
    data = with_income(results, keep)
    data["real_income"].loc[{"scenario": "S1"}] = give_way
    text = teller(data).weigh("S0", "S1", {"S0": "Stay", "S1": "Leave"})
    assert f"Keeping the balance {verdict} of real income" in text
    assert f"under {2 if give_way > keep else 0} of 2 pairs" in text


def test_the_state_before_any_move_counts_goods_only(results: StudyResults) -> None:
    data = results.data.copy(deep=True)
    data["trade_base"][:] = 0.0
    data["trade_base"].loc[{"exporter": "AAA", "importer": "BBB"}] = [2000.0, 7000.0]
    data["trade_base"].loc[{"exporter": "BBB", "importer": "AAA"}] = [3000.0, 9000.0]
    text = teller(data).state()
    assert "Aland sells goods worth 2.0 bn USD a year to Beland and buys 3.0 bn USD" in text
    assert "most of it in farming (3.0 bn USD)" in text
