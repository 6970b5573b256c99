"""What instruments may not ask for together, refused all at once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from tula.errors import TulaError
from tula.policy.caps import TariffQuota
from tula.policy.cells import Placed, PolicyError, PolicyProblem, cells_text, count
from tula.policy.describe import percent
from tula.policy.limits import limit_clashes
from tula.policy.rate_stacking import Layer, beyond, layers, overrides
from tula.policy.rates import ExportTax, RateInstrument, Tariff
from tula.policy.shock import Shock
from tula.shapes import Bool, Float
from tula.world.labels import Labels

Array = np.ndarray


class ContradictionError(PolicyError):
    """Two instruments set one rate to different values, bound it from both sides with no rate
    between, or override each other; or they give the rent of one ceiling to different sides.

    Keep one, narrow their cells, or let one override; of two equal ceilings state one recipient of
    the rent.
    """


class RateRangeError(PolicyError):
    """Instruments together leave a rate of -100% or less. Reduce the cut they add up to."""


class NoSupplierError(TulaError):
    """An embargo takes a buyer's last supplier of something it uses.

    Leave one supplier out of the embargo, or use an import cut below 100%.
    """


class EssentialSupplierError(NoSupplierError):
    """An embargo takes goods that buyers cannot do without: theta is zero or below there.

    At such an elasticity (sigma of one or less) no finite price makes up for a lost supplier. Use
    an import cut below 100%, or a longer horizon.
    """


#: What to do where two measures on a rate cannot both hold.
NARROW = "take these cells out of one (except_importers, except_exporters, except_sectors)"
#: Ratios of prices that differ by less are the same.
SAME_RISE = 1e-9
REMEDY = f"keep one, {NARROW}, or let the exception override the other"


def refuse_contradictions(placed: Sequence[Placed], labels: Labels) -> None:
    """Raise ``ContradictionError`` naming both instruments and the cells of every clash."""
    problems = []
    for kind in (Tariff, ExportTax):
        for one, other in combinations(layers(placed, kind, None), 2):
            fault = _fault(one, other)
            if fault is not None and (one.cells & other.cells).any():
                problems.append(_clash(one, other, fault, labels))
    problems += limit_clashes(placed, labels)
    if problems:
        raise ContradictionError(problems)


def _fault(one: Layer, other: Layer) -> tuple[str, str] | None:
    """What two measures cannot both do to a cell, and what to do about it."""
    first, second = one.placed, other.placed
    if overrides(first) and overrides(second) and beyond(first, second) and beyond(second, first):
        return "override each other, neither being the narrower,", NARROW
    bounds = {layer.operator: layer.value for layer in (one, other)}
    if bounds.get("at_least", -1.0) > bounds.get("at_most", np.inf):
        return "ask for at least more than at most", REMEDY
    both_set = one.operator == other.operator == "set"
    quota = any(isinstance(p.instrument, TariffQuota) for p in (first, second))
    if both_set and (quota or (one.value, one.coverage) != (other.value, other.coverage)):
        return "set different rates", REMEDY
    return None


def _clash(one: Layer, other: Layer, fault: tuple[str, str], labels: Labels) -> PolicyProblem:
    what, remedy = fault
    both = one.cells & other.cells
    where = f"on {count(both)}: {cells_text(both, labels)}"
    message = f"{one.placed.tag} and {other.placed.tag} {what} {where}; {remedy}"
    return PolicyProblem((one.placed.position, other.placed.position), message)


def refuse_impossible_rates(shock: Shock, placed: Sequence[Placed]) -> None:
    """Raise ``RateRangeError`` for every instrument on a cell whose new rate is -1 or less."""
    problems = _impossible(shock.tariff, placed, Tariff, "an import duty")
    problems += _impossible(shock.export_tax, placed, ExportTax, "an export tax")
    if problems:
        raise RateRangeError(problems)


def refuse_uneven_quotas(rise: Float[Array, "S N I"] | None, placed: Sequence[Placed]) -> None:
    """Raise ``ContradictionError`` for a tariff quota over cells whose two rates lie apart by
    different ratios, so that a licence is not worth the same in all of them."""
    problems = []
    for p in placed:
        if rise is None or not isinstance(p.instrument, TariffQuota) or not p.instrument.together:
            continue
        ratios = rise[p.cells]
        if np.ptp(ratios) > SAME_RISE:
            spread = (
                f"{percent(float(ratios.min() - 1.0))}% to {percent(float(ratios.max() - 1.0))}%"
            )
            message = (
                f"{p.tag} is one quota over cells in which the rate beyond lifts the price by "
                f"{spread}, other measures included; give each cell its own quota, or take the "
                "other measures off some of them"
            )
            problems.append(PolicyProblem((p.position,), message))
    if problems:
        raise ContradictionError(problems)


def _impossible(
    rates: Float[Array, "S N I"], placed: Sequence[Placed], kind: type[RateInstrument], what: str
) -> list[PolicyProblem]:
    bad = ~(rates > -1.0)
    return [
        PolicyProblem(
            (p.position,),
            f"{p.tag} and what stacks with it leave {what} of "
            f"{percent(float(rates[bad & p.cells].min()))}%: a rate must stay above -100%",
        )
        for p in placed
        if isinstance(p.instrument, kind) and (bad & p.cells).any()
    ]


def refuse_impossible_embargo(
    shock: Shock,
    trade_share: Float[Array, "S N I"],
    labels: Labels,
    trade_elasticity: Float[Array, " S"] | Float[Array, "S N"] | None = None,
) -> None:
    """Raise ``NoSupplierError`` for every buyer left without a supplier of what it buys.

    ``trade_share`` (S, N, I) are base spending shares or values: only zero or not matters. With
    ``trade_elasticity`` (theta, by importer where they differ) an embargo on purchases of a sector
    or some of its goods where it is zero or below raises ``EssentialSupplierError``.
    """
    if not (shock.embargo.any() or shock.banned.any()):
        return
    bought = np.asarray(trade_share) > 0.0
    if trade_elasticity is not None:
        theta = np.asarray(trade_elasticity).reshape(len(labels.sectors), -1, 1)
        _refuse_essential(shock, bought, labels, theta)
    stranded = bought.any(axis=2) & ~(bought & ~shock.embargo).any(axis=2)
    lost = [
        f"{region} loses its last supplier of "
        + ", ".join(s for s, hit in zip(labels.sectors, stranded[:, n], strict=True) if hit)
        for n, region in enumerate(labels.regions)
        if stranded[:, n].any()
    ]
    if lost:
        remedy = "leave a supplier out of the embargo, or use an import cut below 100%"
        raise NoSupplierError(f"{'; '.join(lost)}: {remedy}")


def _refuse_essential(
    shock: Shock, bought: Bool[Array, "S N I"], labels: Labels, theta: Float[Array, "S #N 1"]
) -> None:
    lost = (shock.embargo | (shock.banned > 0.0)) & bought & (theta <= 0.0)
    if lost.any():
        least = float(np.broadcast_to(theta, lost.shape)[lost].min())
        raise EssentialSupplierError(
            f"at an elasticity of zero or below (theta {least:.3g}) no price makes up for a lost "
            f"supplier: {cells_text(lost, labels)}; use an import cut below 100%, or a longer "
            "horizon"
        )
