"""Tables as one Excel workbook: a sheet that says what every variable is, then a sheet a table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from tula.equilibrium.solution import Solution
from tula.errors import TulaError
from tula.metrics.registry import REGIONS
from tula.metrics.tables import dataset, tidy_values

if TYPE_CHECKING:
    import pandas as pd

#: Rows that a sheet holds below its head.
MOST_ROWS = 1_048_575
#: What the sheet of variables tells of each, and the attribute that holds it.
TOLD = {
    "title": "long_name",
    "unit": "units",
    "base": "base",
    "sign": "sign",
    "description": "description",
}
#: Axes of regions and sectors; metrics along three of them are too much for a workbook.
PLACES = {*REGIONS, "sector"}
#: Texts are never formulas or links, whatever they begin with.
_PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


class MissingExcelError(TulaError):
    """Excel workbooks need XlsxWriter. Install it: pip install 'tula[excel]'."""


class SheetTooLongError(TulaError):
    """A table has more rows than a sheet of Excel holds. Export csv or parquet instead."""


def workbook(
    tables: Mapping[str, pd.DataFrame],
    told: Mapping[str, Mapping[str, Any]],
    about: Mapping[str, str],
) -> bytes:
    """Return tables as one workbook, the same bytes for the same tables.

    ``told`` holds the attributes of every variable, ``about`` what the numbers stand on. Raises
    ``MissingExcelError`` and ``SheetTooLongError``.
    """
    import pandas as pd

    rows = [(name, *(told[name].get(key, "") for key in TOLD.values())) for name in told]
    sheets = {
        "variables": pd.DataFrame(rows, columns=["variable", *TOLD]),
        "about": pd.DataFrame(about.items(), columns=["what", "value"]),
        **tables,
    }
    for name, table in sheets.items():
        if len(table) > MOST_ROWS:
            raise SheetTooLongError(
                f"{name} has {len(table)} rows, a sheet of Excel at most {MOST_ROWS}: "
                "export csv or parquet"
            )
    return _image(sheets)


def require_excel() -> None:
    """Raise ``MissingExcelError`` where workbooks cannot be written."""
    try:
        import xlsxwriter  # noqa: F401
    except ImportError:
        raise MissingExcelError("Excel needs XlsxWriter: pip install 'tula[excel]'") from None


def solution_workbook(solution: Solution) -> bytes:
    """Return the metrics of a solution as a workbook, a sheet each; those by cell are left out.

    The sheet ``regions`` has all metrics by region side by side. Raises as ``workbook``.
    """
    import pandas as pd

    data = dataset(solution)
    data = data[[name for name, one in data.items() if len(PLACES & {*one.dims}) < 3]]
    wide = [str(name) for name, one in data.items() if one.dims == ("region",)]
    regions = data[wide].to_dataframe().reset_index()
    regions.insert(1, "region_name", data["region_name"].values)
    tables = {"regions": regions}
    tables |= {str(name): tidy_values(one) for name, one in data.items() if name not in wide}
    about = {str(key): "; ".join(map(str, pd.Series(text))) for key, text in data.attrs.items()}
    return workbook(tables, {str(name): one.attrs for name, one in data.items()}, about)


def _image(sheets: Mapping[str, pd.DataFrame]) -> bytes:
    import pandas as pd

    require_excel()
    image = BytesIO()
    with pd.ExcelWriter(image, engine="xlsxwriter", engine_kwargs={"options": _PLAIN}) as book:
        book.book.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC)})
        for name, table in sheets.items():
            table.to_excel(book, sheet_name=name, index=False, freeze_panes=(1, 0))
            book.sheets[name].autofilter(0, 0, len(table), len(table.columns) - 1)
    return image.getvalue()
