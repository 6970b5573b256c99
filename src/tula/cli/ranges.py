"""``tula solve --range``: the range of a what-if, and what is to blame for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray as xr
    from rich.table import Table

#: Titles of what a range is told of, with the divisor of its figures.
TOLD = {"real_income": ("Real income %", 1.0), "ev": ("bn USD", 1000.0)}


def table(found: xr.Dataset, regions: Sequence[str]) -> Table:
    """By region: the central figure, from the 10th to the 90th percentile, and what is to blame."""
    from rich.table import Table

    from tula.numbers import write

    shown = Table("Region")
    for title, _ in TOLD.values():
        shown.add_column(title, justify="right")
        shown.add_column("10% to 90%", justify="right")
    shown.add_column("To blame, of the variance of real income")
    for region in regions:
        cells = [region]
        for name, (_, divisor) in TOLD.items():
            central, low, _, high = (found[name].sel(region=region).values / divisor).tolist()
            ends = [write.fixed(end, 3, signed=True) for end in (low, high)]
            cells += [write.fixed(central, 3, signed=True), " to ".join(ends)]
        shown.add_row(*cells, _blame(found, region))
    return shown


def _blame(found: xr.Dataset, region: str) -> str:
    from tula.numbers import write

    told = found["real_income_blame"].sel(region=region)
    shares = dict(zip(told["factor"].values.tolist(), told.values.tolist(), strict=True))
    order = sorted(shares, key=lambda name: -shares[name])
    return ", ".join(f"{name} {write.percent(100.0 * shares[name], write.WHOLE)}" for name in order)


def sentence(found: xr.Dataset) -> str:
    """How the range came about."""
    failed = f", {found.attrs['failed']} without an equilibrium" if found.attrs["failed"] else ""
    return (
        f"Range over {found.attrs['draws']} draws ({found.attrs['solves']} solves{failed}): "
        f"elasticities by how published sets differ; base table {found.attrs['base_table']}."
    )


def content(found: xr.Dataset) -> dict[str, Any]:
    """The range as JSON: by metric, region and percentile, with what is to blame."""
    regions = [str(code) for code in found["region"].values]
    read: dict[Any, Any] = {}
    for name in TOLD:
        rows, blame = found[name], found[f"{name}_blame"]
        read[name] = {
            code: {
                **{str(one): float(rows.sel(region=code, what=one)) for one in rows["what"].values},
                "blame": {
                    str(one): float(blame.sel(region=code, factor=one))
                    for one in blame["factor"].values
                },
            }
            for code in regions
        }
    return {**read, **found.attrs}
