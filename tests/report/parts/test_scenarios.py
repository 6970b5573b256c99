import re

import pytest

from tula.errors import UnknownNameError
from tula.report import table
from tula.report.parts.baseline.part import Baseline
from tula.report.parts.scenarios import tables
from tula.report.parts.sizes.part import Sizes
from tula.report.view import View
from tula.study.results import StudyResults


def shown(cell: str) -> float:
    """The number a cell shows."""
    return float(re.sub(r"[^0-9.\-]", "", cell.replace("−", "-")))


@pytest.fixture(scope="module")
def view(results: StudyResults) -> View:
    return View(results)


def test_movers_show_the_data_to_the_shown_precision(view: View) -> None:
    data = view.data.sel(scenario="oil", closure="fixed", elasticity="FGO")
    by_name = {name: code for code, name in view.region_names.items()}
    table = tables.movers(view, "oil")
    assert {row.label for row in table.rows} >= {view.region_names[c] for c in view.actors}
    for row in table.rows:
        number = data.sel(region=by_name[row.label])
        assert shown(row.cells[0]) == pytest.approx(float(number.real_income), rel=0.05, abs=6e-4)
        assert shown(row.cells[1]) == pytest.approx(float(number.ev) / 1e3, rel=0.05, abs=6e-4)


def test_partners_show_trade_after_less_trade_before(view: View) -> None:
    row = next(r for r in tables.partners(view, "tariff").rows if r.label == "United States")
    trade = view.data.pair_trade.sel(scenario="tariff", exporter="IND", importer="USA")
    before, after = (float(trade.sel(state=state)) for state in ("base", "new"))
    assert shown(row.cells[0]) == pytest.approx((after - before) / 1e3, rel=0.05, abs=6e-4)
    assert shown(row.cells[1]) == pytest.approx((after / before - 1) * 100, rel=0.05)


def test_the_flow_that_changes_most_comes_first(view: View) -> None:
    table = tables.flows(view, "tariff")
    sizes = [abs(row.bar or 0.0) for row in table.rows]
    assert sizes == sorted(sizes, reverse=True)
    change = view.data.pivot_exports.sel(scenario="tariff", state="change")
    assert sizes[0] >= float(abs(change).drop_sel(importer="IND").max())


def test_sector_output_in_money_is_what_its_level_changed_by(view: View) -> None:
    row = tables.sectors(view, "eaeu").rows[0]
    code = next(code for code, name in view.sector_names.items() if name == row.label)
    cell = view.data.sel(scenario="eaeu", region="IND", sector=code)
    assert row.bar == pytest.approx(float(cell.output[1] - cell.output[0]))
    assert shown(row.cells[1]) == pytest.approx(float(cell.output_value), rel=0.05, abs=6e-4)


def test_bars_share_one_scale_and_start_at_zero() -> None:
    rows = (table.Row("a", ("",), 2.0), table.Row("b", ("",), -6.0), table.Row("c", ("",)))
    drawn = table.Table(rows=rows)
    assert drawn.zero == 75.0
    assert [drawn.bar(row) for row in rows] == [(75.0, 25.0, "gain"), (0.0, 75.0, "loss"), None]


def test_scenarios_are_ordered_by_what_they_are_worth_to_the_pivot(view: View) -> None:
    sizes = [abs(row.bar or 0.0) for row in Sizes(view).sizes.rows]
    assert len(sizes) == 4
    assert sizes == sorted(sizes, reverse=True)


def test_baseline_balance_is_exports_less_imports(view: View) -> None:
    for row in Baseline(view).partners.rows:
        *levels, balance = (shown(cell) for cell in row.cells)
        assert balance == pytest.approx(levels[0] + levels[1] - levels[2] - levels[3], abs=2.0)


def test_the_last_line_of_the_baseline_adds_up_all_partners(view: View) -> None:
    total = Baseline(view).partners.rows[-1]
    abroad = view.before.pivot_exports.drop_sel(importer="IND")
    goods = abroad.sel(sector=view.data.sector_is_goods)
    assert shown(total.cells[0]) == pytest.approx(float(goods.sum()) / 1e3, rel=0.005)


def test_a_combination_is_set_beside_the_sum_of_its_parts(view: View) -> None:
    first = view.manifest.scenarios[0]
    changes = {"combined_of": ("oil", "eaeu"), "instruments": first.instruments * 2}
    record = first.model_copy(update=changes)
    table = tables.parts(view, record)
    assert table is not None
    summed, together = table.rows[-2:]
    assert shown(summed.cells[0]) == pytest.approx(-0.06 + 0.012, abs=6e-4)
    assert shown(together.cells[0]) == pytest.approx(-0.23, abs=6e-3)


def test_a_scenario_that_does_more_than_its_parts_is_not_set_beside_their_sum(view: View) -> None:
    record = view.manifest.scenarios[0].model_copy(update={"combined_of": ("oil", "eaeu")})
    assert tables.parts(view, record) is None


def test_a_scenario_without_an_instrument_counts_as_the_world_before_any_move(
    results: StudyResults,
) -> None:
    still = results.manifest.scenarios[0].model_copy(update={"instruments": ()})
    records = (still, *results.manifest.scenarios[1:])
    told = results.manifest.model_copy(update={"scenarios": records})
    view = View(StudyResults(told, results.data))
    assert [record.id for record in view.still] == ["tariff"]
    assert len(Sizes(view).sizes.rows) == 3


def test_codes_are_spelled_out_in_lines_about_instruments(view: View) -> None:
    line = "USA: +25 pp import duty on TEX from IND"
    spelled = "The United States: +25 pp import duty on textiles, clothing, leather from India"
    assert view.spelled(line) == spelled


def test_a_pivot_that_the_numbers_do_not_have_is_refused_by_name(results: StudyResults) -> None:
    lost = results.manifest.model_copy(update={"pivot": "INDIA"})
    with pytest.raises(UnknownNameError, match="'INDIA'"):
        View(StudyResults(lost, results.data))
