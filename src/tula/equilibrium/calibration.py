"""From a table to the shares the equations use."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from tula.world.economy import Provenance
from tula.world.labels import Labels

Array = np.ndarray

#: Least share of value added in output. A sector whose recorded inputs and duties leave less is
#: lifted to it, its input shares scaled down in proportion.
VALUE_ADDED_FLOOR = 0.02


@dataclass(frozen=True, eq=False)
class Calibration:
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
    * ``value_added`` (N,): factor income; ``imbalance`` (N,): spending less income, sums to zero.
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

    @property
    def final_spending(self) -> Float[Array, " N"]:
        """Final spending by region (households, government, investment), million USD."""
        return np.asarray(
            (self.expenditure - np.einsum("nks,ns->nk", self.input_share, self.output)).sum(axis=1)
        )

    @property
    def border_trade(self) -> Float[Array, "S N I"]:
        """Base purchases of n from i before import duty (export tax included), million USD."""
        return np.asarray(self.trade_share * self.expenditure.T[:, :, None] / (1.0 + self.tariff))
