"""What a labour accord is worth to those who stay, those who go, the host's natives and the rest.

The engine counts people where they live. Nationals are recovered by moving what the migrants keep
in the host, at its prices, from its account to the pivot's.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import nan
from typing import NamedTuple

from tula.equilibrium import Calibration, Solution, calibrate, solve
from tula.ties.account import TieAccount, account_of
from tula.ties.inputs import estimates, require_names
from tula.ties.labour.accord import LabourAccord, immigration_surplus, instruments
from tula.ties.labour.groups import group_numbers, meanings
from tula.world.economy import Economy


@dataclass(frozen=True)
class Gains:
    """Gains from an accord, billion USD a year at base prices, plus = better off.

    * ``stayers``: the pivot's residents who stay, remittances received by them included;
    * ``migrants``: what they keep in the host less what they earned at home (remittances count
      with the stayers, so this may be negative);
    * ``natives``: the host's own residents; ``others``: all other regions;
    * ``world``: sum of the four.

    What the corridor does: ``workers`` present, thousand, ``quota_used``, a share, ``remittances``,
    billion USD a year, ``permit_value``, the share of a host's wage that the last of those who want
    to go would pay for a permit (0 where the quota is not full; not a number where the accord
    leaves ``elasticity`` out), and ``quota_rent``, what all permits used are worth at that price,
    billion USD a year: the shadow value of the quota.
    """

    stayers: float
    migrants: float
    natives: float
    others: float
    workers: float
    quota_used: float
    remittances: float
    permit_value: float
    quota_rent: float

    @property
    def nationals(self) -> float:
        """Gain of the pivot's nationals, at home and abroad."""
        return self.stayers + self.migrants

    @property
    def world(self) -> float:
        """Gain of everybody."""
        return self.nationals + self.natives + self.others


def gains(accord: LabourAccord, world: Economy | Calibration) -> Gains:
    """Solve the world with the accord at central values and share out what it gains.

    Raises ``TieNameError`` and the engine's errors.
    """
    calibration = world if isinstance(world, Calibration) else calibrate(world)
    names = {"pivot": accord.pivot, "partner": accord.partner}
    require_names(calibration.labels, names)
    solution = solve(calibration, instruments(accord))
    resident = (solution.real_income_hat - 1.0) * calibration.final_spending / 1000.0
    home = float(resident[calibration.labels.region_index(accord.pivot)])
    host = float(resident[calibration.labels.region_index(accord.partner)])
    moved = _moved(accord, solution)
    return Gains(
        stayers=home + moved.gave_up,
        migrants=moved.kept - moved.gave_up,
        natives=host - moved.kept,
        others=float(resident.sum()) - home - host,
        workers=moved.used * accord.quota.value * accord.stay.value,
        quota_used=moved.used,
        remittances=moved.remitted,
        permit_value=moved.permit_value,
        quota_rent=moved.permit_value * moved.earned,
    )


class _Moved(NamedTuple):
    """Those who go: billion USD a year; ``gave_up`` and ``kept`` at base prices."""

    used: float
    gave_up: float
    kept: float
    earned: float
    remitted: float
    permit_value: float


def _moved(accord: LabourAccord, solution: Solution) -> _Moved:
    """Read the accord's corridor; nobody goes where there is none."""
    ends = (accord.pivot, accord.partner)
    found = [one for one in solution.corridors if (one.source, one.host) == ends]
    if not found:
        return _Moved(0.0, 0.0, 0.0, 0.0, 0.0, 0.0 if accord.elasticity else nan)
    corridor = found[-1]
    (asked,) = instruments(accord)
    price = float(solution.final_price_hat[solution.labels.region_index(accord.partner)])
    earned, remitted = corridor.earned / 1000.0, corridor.remitted / 1000.0
    return _Moved(
        used=corridor.used,
        gave_up=corridor.used * asked.home_value / 1000.0,
        kept=(earned - remitted) / price,
        earned=earned,
        remitted=remitted,
        permit_value=corridor.permit_value,
    )


_MONEY = "bn USD a year"
_LINES: dict[str, tuple[str, str]] = {
    "value_to_pivot": (_MONEY, "gain of the pivot's nationals at home and abroad"),
    "value_to_partner": (_MONEY, "gain of the partner's own residents"),
    "dependence": ("share", "share of the pivot's workers abroad whom the partner takes"),
    "replacement_time": ("years", "until half of the workers are placed elsewhere"),
    "exposure": (_MONEY, "expected loss of the pivot if pressure ends the accord"),
}
#: What an account of an accord tells besides the common lines: unit and meaning by name.
DETAILS: dict[str, tuple[str, str]] = {
    "workers": ("thousand", "workers present in the host"),
    "share_of_gap": ("share", "workers present over the host's shortage of labour"),
    "quota_used": ("share", "of the quota that is filled"),
    "remittances": (_MONEY, "earnings sent home"),
    "remittances_share": ("share of GDP", "earnings sent home over the pivot's value added"),
    "stayers": (_MONEY, "gain of the pivot's residents who stay, remittances included"),
    "migrants": (_MONEY, "gain of those who go, apart from what they send home"),
    "world": (_MONEY, "gain of all regions together"),
    "surplus": (_MONEY, "immigration surplus of the host, second order, not in the engine"),
}
#: Told as well where the accord says how the wish to go answers wages.
QUOTA_DETAILS: dict[str, tuple[str, str]] = {
    "permit_value": ("share of the host's wage", "what the last who want to go would pay for one"),
    "quota_rent": (_MONEY, "worth of the permits used at that price: the quota's shadow value"),
}


def account(
    accord: LabourAccord, world: Economy | Calibration, *, draws: int = 64, seed: int = 0
) -> TieAccount:
    """Return the account of an accord, solving the world on every draw."""
    calibration = world if isinstance(world, Calibration) else calibrate(world)
    require_names(calibration.labels, {}, _sectors(accord))
    details = DETAILS | (QUOTA_DETAILS if accord.elasticity else {})
    for group in accord.groups:
        details |= meanings(group, calibration.labels)
    lines = _LINES | details
    found = estimates(
        accord, lambda drawn: _numbers(drawn, calibration), lines, draws=draws, seed=seed
    )
    bound = "The quota binds." if accord.quota_binds else "The quota does not bind."
    return account_of(
        "labour accord",
        accord.pivot,
        accord.partner,
        found,
        (
            bound,
            "Permits are approvals a year; the shortage is a stock of vacancies. Skills, the risks "
            "of war and overstaying are outside the model.",
            *_GROUP_NOTES[: len(accord.groups)],
        ),
    )


#: Said where the accord has groups.
_GROUP_NOTES = (
    "Labour moves freely between sectors in the world of the account: which sector workers enter "
    "tells how much they add there and changes no gain.",
)


def _sectors(accord: LabourAccord) -> dict[str, tuple[str, ...]]:
    return {
        f"groups {group.name!r} {field}": getattr(group, field)
        for group in accord.groups
        for field in ("leaves", "enters")
    }


def _numbers(accord: LabourAccord, calibration: Calibration) -> dict[str, float]:
    found = gains(accord, calibration)
    labels, earned = calibration.labels, calibration.value_added / 1000.0
    host = float(earned[labels.region_index(accord.partner)])
    home = float(earned[labels.region_index(accord.pivot)])
    share = accord.labour_share.value
    added = found.workers * accord.earnings[1] / 1e6
    inflow = added / (share * host) if share > 0.0 else 0.0
    numbers = {
        "value_to_pivot": found.nationals,
        "value_to_partner": found.natives,
        "dependence": found.workers / (found.workers + accord.workers_abroad.value),
        "replacement_time": accord.replacement_time.value,
        "exposure": max(0.0, accord.hazard.value * found.nationals),
        "workers": found.workers,
        "share_of_gap": found.workers / accord.gap.value,
        "quota_used": found.quota_used,
        "remittances": found.remittances,
        "remittances_share": found.remittances / home,
        "stayers": found.stayers,
        "migrants": found.migrants,
        "world": found.world,
        "surplus": immigration_surplus(share, accord.wage_elasticity.value, inflow) * host,
    }
    return numbers | _priced(accord, found) | _grouped(accord, found, calibration)


def _priced(accord: LabourAccord, found: Gains) -> dict[str, float]:
    if not accord.elasticity:
        return {}
    return {"permit_value": found.permit_value, "quota_rent": found.quota_rent}


def _grouped(accord: LabourAccord, found: Gains, calibration: Calibration) -> dict[str, float]:
    return group_numbers(
        accord.groups,
        calibration,
        (accord.pivot, accord.partner),
        workers=found.workers,
        remittances=found.remittances,
        gap=accord.gap.value,
        labour_share=accord.labour_share.value,
    )
