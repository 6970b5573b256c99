from io import BytesIO

import numpy as np
import pandas as pd
import pytest

import factories
import tula as tl
from tula.equilibrium import Solution
from tula.metrics import METRICS, real_income
from tula.metrics import workbook as workbooks
from tula.metrics.workbook import SheetTooLongError, solution_workbook, workbook

openpyxl = pytest.importorskip("openpyxl")
pytest.importorskip("xlsxwriter")


@pytest.fixture(scope="module")
def solution() -> Solution:
    duty = tl.Tariff(importer="USA", exporter="IND", sectors="all", add=0.25)
    return tl.solve(tl.calibrate(factories.toy_economy()), [duty])


def sheets(image: bytes) -> dict[str, pd.DataFrame]:
    return pd.read_excel(BytesIO(image), sheet_name=None)


def test_a_cell_that_begins_like_a_formula_is_text() -> None:
    words = ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|'/c calc'!A0", "https://example.org"]
    table = pd.DataFrame({"title": words, "=head": words})
    book = openpyxl.load_workbook(
        BytesIO(workbook({"words": table}, {}, {"=about": "=1"})), data_only=False
    )
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.value for cell in book["words"]["A"]][1:] == words
    assert not any(cell.hyperlink for cell in cells)


def test_every_sheet_of_a_solution_is_told_with_unit_base_and_sign(solution: Solution) -> None:
    found = sheets(solution_workbook(solution))
    variables = found["variables"].set_index("variable")
    told = {*found} - {"variables", "about", "regions"} | {*found["regions"].columns[2:]}
    assert told == {*variables.index}
    for name, row in variables.iterrows():
        metric = METRICS[str(name)]
        assert (row["unit"], row["base"], row["sign"]) == (
            "%" if metric.unit == "%" else metric.unit,
            metric.base,
            metric.sign,
        )


def test_a_workbook_holds_the_numbers_of_the_solution(solution: Solution) -> None:
    found = sheets(solution_workbook(solution))
    regions = found["regions"].set_index("region")
    assert regions["real_income"].to_numpy() == pytest.approx(real_income(solution).values)
    trade = found["pair_trade"].set_index(["importer", "exporter", "state"])["value"]
    whole = METRICS["pair_trade"](solution)
    assert len(trade) == int(np.isfinite(whole).sum())
    at = {"importer": "USA", "exporter": "IND", "state": "new"}
    assert trade[tuple(at.values())] == pytest.approx(float(whole.sel(at)))


def test_the_same_solution_gives_the_same_bytes(solution: Solution) -> None:
    assert solution_workbook(solution) == solution_workbook(solution)


def test_a_table_longer_than_a_sheet_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_ROWS", 5)
    with pytest.raises(SheetTooLongError, match="long has 6 rows"):
        workbook({"long": pd.DataFrame({"value": range(6)})}, {}, {})
