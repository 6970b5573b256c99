"""From a table to the shares the equations use."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from tula.equilibrium.errors import CalibrationError
from tula.equilibrium.technology import PlacedTechnology, Technology, place_technology
from tula.frozen import Frozen, frozen_property, kept_with
from tula.shapes import Float
from tula.shown import Card, Shown
from tula.world.economy import Economy, Provenance, array_fields, origin
from tula.world.labels import Labels
from tula.world.rules import VALUE_ADDED_SHARE_FLOOR
from tula.world.store import world_of

Array = np.ndarray


@dataclass(frozen=True, eq=False, repr=False)
class Calibration(Shown, Frozen):
    """Base-year shares and levels of the quantitative trade model; million USD where a level.

    S sectors, N importers, I = N exporters, K = S inputs.

    * ``trade_share`` (S, N, I): share of exporter i in n's tariff-inclusive spending on s;
    * ``value_added_share`` (N, S): share of value added in the cost of s;
    * ``input_share`` (N, K, S): share of input k in the cost of s; sums over k with the value
      added share to one;
    * ``final_share`` (N, S): share of s in final spending;
    * ``tariff``, ``export_tax`` (S, N, I): base ad-valorem rates, fractions;
    * ``trade_elasticity`` (S,): theta = sigma - 1;
    * ``expenditure`` (N, S): tariff-inclusive spending; ``output`` (N, S): producer revenue;
    * ``value_added`` (N,): factor income; ``imbalance`` (N,): spending less income, sums to zero;
    * ``technology``: elasticities beyond those of trade.
    """

    labels: Labels
    trade_share: Float[Array, "S N I"]
    value_added_share: Float[Array, "N S"]
    input_share: Float[Array, "N K S"]
    final_share: Float[Array, "N S"]
    tariff: Float[Array, "S N I"]
    export_tax: Float[Array, "S N I"]
    trade_elasticity: Float[Array, " S"]
    expenditure: Float[Array, "N S"]
    output: Float[Array, "N S"]
    value_added: Float[Array, " N"]
    imbalance: Float[Array, " N"]
    provenance: Provenance
    elasticity_source: str = "as given"
    technology: Technology = field(default_factory=Technology)
    #: Blocks of another world that this one goes by (``go_by``), in other processes too.
    lent: Any = field(default=None, init=False)

    def _card(self) -> Card:
        n, s = self.output.shape
        return Card(
            f"Calibration of {origin(self.provenance)}: {n} regions x {s} sectors", self.basis()
        )

    def basis(self) -> dict[str, str]:
        """Elasticities and technology, in words."""
        plain, chosen = Technology(), vars(self.technology).items()
        others = [f"{name} {value}" for name, value in chosen if value != getattr(plain, name)]
        balanced = not self.imbalance.any()
        return {
            "elasticities": self.elasticity_source,
            "technology": ", ".join(others) or "Cobb-Douglas",
            "imbalances": "none" if balanced else "as in the table",
        }

    def with_elasticity(
        self, values: Float[Array, " S"], source: str, technology: Technology | None = None
    ) -> Calibration:
        """Return the same world with other trade elasticities, their stated source, and a
        technology, Cobb-Douglas if None; errors of both as ``calibrate``."""
        found = replace(
            self,
            trade_elasticity=values,
            elasticity_source=source,
            technology=technology or Technology(),
        )
        _require_elasticities(found)
        return found

    @cached_property
    def placed(self) -> PlacedTechnology:
        """The technology on this world's labels."""
        return place_technology(self.technology, self.labels, self.trade_elasticity)

    @frozen_property
    def final_spending(self) -> Float[Array, " N"]:
        """Final spending by region (households, government, investment), million USD."""
        inputs = np.einsum("nks,ns->nk", self.input_share, self.output)
        return np.asarray((self.expenditure - inputs).sum(axis=1))

    @frozen_property
    def border_trade(self) -> Float[Array, "S N I"]:
        """Base purchases of n from i before import duty (export tax included), million USD."""
        return np.asarray(self.trade_share * self.expenditure.T[:, :, None] / (1.0 + self.tariff))


#: What may stand for a world: a table, its calibration, or a name that ``load_world`` takes.
World = Economy | Calibration | str


def calibrate(economy: Economy | str, technology: Technology | None = None) -> Calibration:
    """Compute base-year shares and levels from a table, or the world of that name.

    ``technology`` is Cobb-Douglas if None.
    A sector whose recorded inputs and duties leave less value added than
    ``VALUE_ADDED_SHARE_FLOOR`` of output is lifted to it, its input shares scaled down.

    Raises ``CalibrationError`` where the table leaves the shares undefined (non-finite flows, a
    region without value added, a negative final demand after netting) and ``TechnologyError``
    where the technology names places that do not exist.
    """
    _require_kinds(economy, technology)
    return _calibrated(world_of(economy), technology or Technology())


def calibrated(world: World) -> Calibration:
    """Return a calibration itself, or that of a table or of the world of that name."""
    return world if isinstance(world, Calibration) else calibrate(world)


@kept_with
def _calibrated(economy: Economy, technology: Technology) -> Calibration:
    _require_usable(economy)
    output = economy.output
    value_added_share, input_share = _cost_shares(economy, output)
    expenditure = economy.expenditure
    final = expenditure - np.einsum("nks,ns->nk", input_share, output)
    final = np.where(np.abs(final) < 1e-12 * expenditure.sum(), np.maximum(final, 0.0), final)
    value_added = (value_added_share * output).sum(axis=1)
    _require_demand(economy, final, value_added)
    calibration = Calibration(
        labels=economy.labels,
        trade_share=_trade_shares(economy.trade * economy.purchaser_factor),
        value_added_share=value_added_share,
        input_share=input_share,
        final_share=final / final.sum(axis=1, keepdims=True),
        tariff=economy.tariff,
        export_tax=economy.export_tax,
        trade_elasticity=economy.trade_elasticity,
        expenditure=expenditure,
        output=output,
        value_added=value_added,
        imbalance=final.sum(axis=1) - value_added - economy.trade_tax_revenue,
        provenance=economy.provenance,
        elasticity_source=economy.elasticity_source,
        technology=technology,
    )
    _require_elasticities(calibration)
    return calibration


def _require_kinds(economy: object, technology: object) -> None:
    if not isinstance(economy, Economy | str):
        raise TypeError(f"calibrate takes an economy, load_world(name); got {economy!r:.60}")
    if not isinstance(technology, Technology | None):
        raise TypeError(f"technology is {technology!r:.60}; pass Technology(...)")


def _cost_shares(
    economy: Economy, output: Float[Array, "N S"]
) -> tuple[Float[Array, "N S"], Float[Array, "N K S"]]:
    active = output > 0
    safe = np.where(active, output, 1.0)
    inputs = economy.input_cost / safe[:, None, :] * active[:, None, :]
    total = inputs.sum(axis=1)
    value_added_share = np.maximum(1.0 - total, VALUE_ADDED_SHARE_FLOOR)
    scale = np.divide(1.0 - value_added_share, total, out=np.zeros_like(total), where=total > 0)
    return np.where(total > 0, value_added_share, 1.0), inputs * scale[:, None, :]


def _trade_shares(purchases: Float[Array, "S N I"]) -> Float[Array, "S N I"]:
    """Divide by spending; a buyer that buys nothing is given its own (unused) variety."""
    total = purchases.sum(axis=2, keepdims=True)
    own = np.broadcast_to(np.eye(purchases.shape[1]), purchases.shape)
    return np.where(total > 0, purchases / np.where(total > 0, total, 1.0), own)


def _require_usable(economy: Economy) -> None:
    for name in array_fields():
        values = getattr(economy, name)
        if not np.isfinite(values).all():
            place = np.argwhere(~np.isfinite(values))[0]
            raise CalibrationError(f"{name} is not finite at {tuple(int(i) for i in place)}")
    if (economy.trade < 0).any():
        sector, importer, exporter = np.argwhere(economy.trade < 0)[0]
        raise CalibrationError(
            f"negative trade in {economy.sectors[sector]}: {economy.regions[importer]} "
            f"buying from {economy.regions[exporter]}"
        )


def _require_elasticities(calibration: Calibration) -> None:
    theta = calibration.placed.trade_elasticity
    if not (theta > -1.0).all():
        sector, importer = np.argwhere(~(theta > -1.0))[0]
        labels = calibration.labels
        raise CalibrationError(
            f"trade elasticity of {labels.sectors[sector]} in {labels.regions[importer]} is "
            f"{theta[sector, importer]:g}: theta = sigma - 1 must be above -1"
        )


def _require_demand(
    economy: Economy, final: Float[Array, "N S"], value_added: Float[Array, " N"]
) -> None:
    if (value_added <= 0).any():
        region = economy.regions[int(np.argmin(value_added))]
        raise CalibrationError(f"{region} has no value added")
    if (final < 0).any():
        n, s = np.unravel_index(int(np.argmin(final)), final.shape)
        raise CalibrationError(
            f"final demand of {economy.regions[n]} for {economy.sectors[s]} is "
            f"{final[n, s]:.6g} million USD"
        )
    if (final.sum(axis=1) <= 0).any():
        region = economy.regions[int(np.argmin(final.sum(axis=1)))]
        raise CalibrationError(f"{region} has no final spending")
