"""What each check of an economy looks for: one function a check, yielding (place, message)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tula.shapes import Bool, Float
from tula.world import magnitudes
from tula.world.economy import STATED_UNITS, Economy, array_fields
from tula.world.elasticities import published_as_sigma

Array = np.ndarray

#: Share of value added in output below which calibration lifts it (the engine's floor).
VALUE_ADDED_SHARE_FLOOR = 0.02
#: Duties above this fraction of value are beyond any customs schedule.
LARGEST_DUTY = 30.0
#: Theta above which origins are near-perfect substitutes.
LARGEST_THETA = 30.0
#: Shortfall or surplus of final spending, as a share of it, beyond what countries sustain.
LARGEST_IMBALANCE = 0.5
#: Average duty on the trade that pays one, as a fraction, from which a table is in percent rather
#: than very protective: of the world (4.6% in 2022), of one region, of one sector; and the median
#: of all rates that are levied.
WORLD_DUTY, REGION_DUTY, SECTOR_DUTY, MEDIAN_DUTY = 0.3, 0.6, 1.0, 1.0
#: Relative error up to which two ways of adding up the same figures agree.
IDENTITY_TOLERANCE = 1e-9


def _place(economy: Economy, name: str, index: tuple[int, ...]) -> str:
    """Codes of a cell of an array field, in words."""
    regions, sectors = economy.regions, economy.sectors
    if name == "trade_elasticity":
        return f"trade_elasticity of {sectors[index[0]]}"
    if name in ("tariff", "export_tax"):
        s, n, i = index
        return f"{name} of {sectors[s]} from {regions[i]} to {regions[n]}"
    user = f"/{sectors[index[3]]}" if name == "intermediate" else ""
    return f"{name} {regions[index[0]]}/{sectors[index[1]]} to {regions[index[2]]}{user}"


def _cells(
    economy: Economy, name: str, wrong: Bool[Array, "*cells"], what: str
) -> Iterator[tuple[str, str]]:
    """Yield the first wrong cell of a field with its value and the number of such cells."""
    count = int(wrong.sum())
    if count:
        index = tuple(int(axis) for axis in np.argwhere(wrong)[0])
        value = getattr(economy, name)[index]
        yield _place(economy, name, index), f"{value:g} {what}; {count} such cells"


def _nodes(
    economy: Economy, wrong: Bool[Array, "N S"], values: Float[Array, "N S"], what: str
) -> Iterator[tuple[str, str]]:
    """Yield the region and sector with the least value among wrong ones, and their number."""
    if wrong.any():
        n, s = np.unravel_index(np.where(wrong, values, np.inf).argmin(), values.shape)
        place = f"{economy.regions[int(n)]}/{economy.sectors[int(s)]}"
        yield place, f"{what} ({values[n, s]:g}); {int(wrong.sum())} such region-sectors"


def not_finite(economy: Economy) -> Iterator[tuple[str, str]]:
    """Missing and infinite figures."""
    for name in array_fields():
        yield from _cells(economy, name, ~np.isfinite(getattr(economy, name)), "is not a number")


def negative_flow(economy: Economy) -> Iterator[tuple[str, str]]:
    """Sales below zero."""
    for name in ("intermediate", "final"):
        yield from _cells(economy, name, getattr(economy, name) < 0, "million USD is negative")


def accounting_identity(economy: Economy) -> Iterator[tuple[str, str]]:
    """World spending that differs from world income."""
    spending = economy.final_spending.sum()
    income = economy.value_added.sum() + economy.trade_tax_revenue.sum()
    gap = abs(spending - income) / abs(spending)
    if not gap <= IDENTITY_TOLERANCE:
        yield "world", f"final spending differs from value added plus duties by {gap:.1e} of it"


def region_without_income(economy: Economy) -> Iterator[tuple[str, str]]:
    """Regions with no budget."""
    figures = {"value added": economy.value_added.sum(1), "final demand": economy.final.sum((0, 1))}
    for what, values in figures.items():
        for n in np.flatnonzero(~(values > 0)):
            yield economy.regions[n], f"{what} is {values[n]:g} million USD"


def value_added_below_floor(economy: Economy) -> Iterator[tuple[str, str]]:
    """Region-sectors whose value added is lifted by calibration."""
    share = economy.value_added / np.where(economy.output > 0, economy.output, np.nan)
    yield from _nodes(economy, share < VALUE_ADDED_SHARE_FLOOR, share, "value-added share is small")


def empty_node(economy: Economy) -> Iterator[tuple[str, str]]:
    """Region-sectors that sell nothing."""
    yield from _nodes(economy, economy.output == 0, economy.output, "nothing is produced")


def buyer_without_supplier(economy: Economy) -> Iterator[tuple[str, str]]:
    """Region-sectors that nobody supplies."""
    bought = economy.trade.sum(axis=2).T
    yield from _nodes(economy, bought == 0, bought, "nothing is bought from anywhere")


def duty_in_percent(economy: Economy) -> Iterator[tuple[str, str]]:
    """Duties, their unit taken for granted, that only make sense as percentages."""
    values = {"tariff": economy.trade * (1.0 + economy.export_tax), "export_tax": economy.trade}
    for name in _unstated("tariff", "export_tax", economy=economy):
        rates = np.where(np.eye(len(economy.regions), dtype=bool), 0.0, getattr(economy, name))
        levied = rates[rates > 0]
        if levied.size and np.median(levied) >= MEDIAN_DUTY:
            yield name, f"half of the rates levied are {np.median(levied):.0%} or more"
        else:
            yield from _high_average(economy, name, rates, values[name])


def _high_average(
    economy: Economy, name: str, rates: Float[Array, "S N I"], value: Float[Array, "S N I"]
) -> Iterator[tuple[str, str]]:
    """Yield the fewest regions or sectors, or the world, whose average duty is beyond belief."""
    dutied = np.where(rates > 0, value, 0.0)
    suspects = []
    for codes, axes, most in (
        (economy.regions, (0, 2) if name == "tariff" else (0, 1), REGION_DUTY),
        (economy.sectors, (1, 2), SECTOR_DUTY),
        (("the world",), (0, 1, 2), WORLD_DUTY),
    ):
        paid, total = (rates * dutied).sum(axis=axes), dutied.sum(axis=axes)
        means = np.atleast_1d(paid / np.maximum(total, np.finfo(float).tiny))
        high = [code for code, mean in zip(codes, means, strict=True) if mean >= most]
        suspects.append((len(high) / len(codes), high, float(means.max())))
    if any(high for _, high, _ in suspects):
        few = [suspect for suspect in suspects[:2] if 0.0 < suspect[0] <= 0.5]
        _, high, mean = min(few) if few else (1.0, ["the world"], suspects[2][2])
        told = f"{mean:.0%} on average of the trade that pays it, {rates.max():.0%} at most"
        yield f"{name} of {', '.join(high)}", told


def _unstated(*names: str, economy: Economy) -> list[str]:
    """Of some quantities those whose unit nobody stated."""
    return [name for name in names if STATED_UNITS[name] not in economy.metadata]


def duty_suspicion(economy: Economy) -> Iterator[tuple[str, str]]:
    """Single rates of 100% or more whose unit is taken for granted; rates in percent, as stated,
    of which none is as much as 1%."""
    for name in ("tariff", "export_tax"):
        rates, unit = getattr(economy, name), economy.metadata.get(STATED_UNITS[name], "")
        if not unit:
            yield from _cells(economy, name, rates >= 1.0, "is 100% or more")
        elif 0.0 < rates.max() < 0.01:
            yield name, f"no rate is as much as 1%, {rates.max():.2%} at most, as {unit}"


def duty_out_of_range(economy: Economy) -> Iterator[tuple[str, str]]:
    """Rates that no customs schedule holds."""
    for name in ("tariff", "export_tax"):
        rates = getattr(economy, name)
        yield from _cells(economy, name, (rates <= -1) | (rates > LARGEST_DUTY), "is no duty")


def duty_negative(economy: Economy) -> Iterator[tuple[str, str]]:
    """Rates that subsidise."""
    for name in ("tariff", "export_tax"):
        yield from _cells(economy, name, getattr(economy, name) < 0, "is a subsidy")


def domestic_duty(economy: Economy) -> Iterator[tuple[str, str]]:
    """Rates on sales within a region."""
    home = np.eye(len(economy.regions), dtype=bool)
    for name in ("tariff", "export_tax"):
        taxed = (getattr(economy, name) != 0) & home
        yield from _cells(economy, name, taxed, "is levied on sales within the region")


def elasticity_not_positive(economy: Economy) -> Iterator[tuple[str, str]]:
    """Theta of zero or less."""
    wrong = economy.trade_elasticity <= 0
    yield from _cells(economy, "trade_elasticity", wrong, "is not positive")


def elasticity_is_sigma(economy: Economy) -> Iterator[tuple[str, str]]:
    """Theta of a published set, plus one."""
    name = published_as_sigma(economy.sectors, economy.trade_elasticity)
    if name:
        yield "trade_elasticity", f"the values are the sigmas of set {name}, not its thetas"


def elasticity_extreme(economy: Economy) -> Iterator[tuple[str, str]]:
    """Theta too large to tell origins apart."""
    wrong = economy.trade_elasticity > LARGEST_THETA
    yield from _cells(economy, "trade_elasticity", wrong, "makes origins near-perfect substitutes")


def large_imbalance(economy: Economy) -> Iterator[tuple[str, str]]:
    """Regions that spend far more or less than they earn."""
    spending, income = economy.final_spending, economy.value_added.sum(axis=1)
    share = (spending - income - economy.trade_tax_revenue) / spending
    for n in np.flatnonzero(np.abs(share) > LARGEST_IMBALANCE):
        yield economy.regions[n], f"deficit is {share[n]:.0%} of final spending"


def unit_mismatch(economy: Economy) -> Iterator[tuple[str, str]]:
    """Flows, their unit taken for granted, that are in another one."""
    if _unstated("flows", economy=economy):
        yield from _other_unit(economy)


def unit_suspicion(economy: Economy) -> Iterator[tuple[str, str]]:
    """Flows too small to tell the world in billions, and stated units that cannot be."""
    if not _unstated("flows", economy=economy):
        yield from _other_unit(economy)
        return
    total = float(economy.value_added.sum())
    if total < magnitudes.SMALL_TOTAL and magnitudes.likely_unit(economy) is None:
        part = total / magnitudes.world_gdp(magnitudes.vintage_year(economy))
        yield (
            "world",
            f"value added adds up to {total:.3g} million USD, {part:.2g} of the world's GDP",
        )


def _other_unit(economy: Economy) -> Iterator[tuple[str, str]]:
    """Yield what the flows look like if that is not million USD."""
    unit, year = magnitudes.likely_unit(economy), magnitudes.vintage_year(economy)
    total, world = float(economy.value_added.sum()), magnitudes.world_gdp(year)
    if unit is not None and unit != 1.0:
        told = f"{magnitudes.POSSIBLE[unit]}, judging by the GDP of its countries"
        yield "world", f"value added adds up to {total:.3g}: not million USD but {told}"
    elif total > magnitudes.LARGEST_WORLD * world:
        when = f"in {year}" if year else "today"
        yield (
            "world",
            f"value added adds up to {total / world:.3g} times what the world made {when}",
        )
