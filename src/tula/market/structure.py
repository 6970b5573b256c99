"""One commodity of a calibrated world: who buys it of whom, and how sellers answer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tula.equilibrium.calibration import Calibration
from tula.equilibrium.technology import UNIT_WITHIN
from tula.market.account import Books
from tula.market.errors import MarketError
from tula.market.supply import supply_elasticity
from tula.shapes import Float

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class Market:
    """One commodity of a calibrated world. Raises ``MarketError``, ``UnknownNameError``.

    Its world has Cobb-Douglas costs, and factors that are free or tied as a part.
    """

    world: Calibration
    sector: str

    def __post_init__(self) -> None:
        technology, wrong = self.world.technology, list[str]()
        if technology.nests_costs or technology.among_final != 1.0:
            wrong.append("costs and demand are not Cobb-Douglas: spending would not stand still")
        if technology.home_and_imports is not None:
            wrong.append("home supply is a nest of its own: leave home_and_imports out")
        if np.isfinite([technology.labour_mobility, technology.transformation]).any():
            wrong.append("sellers have more than one price: leave mobility and transformation out")
        if wrong:
            raise MarketError(self.sector, wrong)

    @cached_property
    def place(self) -> int:
        """Position of the sector."""
        return self.world.labels.sector_index(self.sector)

    @cached_property
    def share(self) -> Float[Array, "N I"]:
        """Base shares of sellers in what each buyer spends, duties included."""
        return np.asarray(self.world.trade_share[self.place])

    @cached_property
    def spending(self) -> Float[Array, " N"]:
        """What each buyer spends, million USD."""
        return np.asarray(self.world.expenditure[:, self.place])

    @cached_property
    def theta(self) -> Float[Array, "N 1"]:
        """Sigma less one, by buyer."""
        return np.asarray(self.world.placed.trade_elasticity[self.place][:, None])

    @cached_property
    def rent_share(self) -> Float[Array, " I"]:
        """Part of a seller's receipts that what is tied to the sector earns."""
        tied = self.world.placed.specific_share[:, self.place]
        return np.asarray(self.world.value_added_share[:, self.place] * tied)

    @cached_property
    def steepness(self) -> Float[Array, " I"]:
        """One over the supply elasticity of each seller; zero where supply is free."""
        tied = self.world.placed.specific_share[:, self.place]
        some = tied > 0.0
        share = self.world.value_added_share[:, self.place]
        found = np.zeros(len(tied))
        found[some] = 1.0 / np.maximum(supply_elasticity(tied[some], share[some]), UNIT_WITHIN)
        return found

    @cached_property
    def books(self) -> Books:
        """Who is paid what in the base year."""
        base, s = self.world, self.place
        spent = self.share * self.spending[:, None]
        border = spent / (1.0 + base.tariff[s])
        return Books(spent, border, border / (1.0 + base.export_tax[s]))

    @property
    def received(self) -> Float[Array, "N I"]:
        """What sellers received of each buyer in the base year, million USD."""
        return self.books.received
