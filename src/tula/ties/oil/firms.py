"""The discount at which a firm stops buying from the partner as a whole."""

from __future__ import annotations

from tula.ties.oil.errors import OilMarketError
from tula.ties.oil.parts import BILLION_BARRELS, Refiner


def firm_premium(probability: float, loss: float, volume: float) -> float:
    """Discount a firm needs to stay, USD a barrel: kappa_f = p_f x Loss_f / q_f.

    ``probability`` a year of being cut off, ``loss`` in billion USD a year if it is, ``volume``
    in mb/d. The risk is run by buying at all, not by the barrel, so it decides whether a firm
    buys, not how much; a firm with nothing left to lose has a premium of 0.
    """
    return probability * loss / (BILLION_BARRELS * volume)


def refiner_premium(refiner: Refiner) -> float:
    """Premium of a refiner at central values, USD a barrel, given or by its loss."""
    if refiner.premium is not None:
        return refiner.premium.value
    if refiner.loss is None or refiner.probability is None:
        raise OilMarketError(refiner.name, ["give premium, or both loss and probability"])
    return firm_premium(refiner.probability.value, refiner.loss.value, refiner.volume)
