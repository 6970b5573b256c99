"""What a labour accord is worth to those who stay, those who go, the host's natives and the rest.

The engine counts people where they live. Nationals are recovered by moving what the migrants keep
in the host from its account to the pivot's.
"""

from __future__ import annotations

from dataclasses import dataclass

from tula.equilibrium import Calibration, calibrate, solve
from tula.ties.account import TieAccount
from tula.ties.inputs import estimates, require_names
from tula.ties.labour.accord import LabourAccord, immigration_surplus, instruments
from tula.world.economy import Economy


@dataclass(frozen=True)
class Gains:
    """Gains from an accord, billion USD a year at base prices, plus = better off.

    * ``stayers``: the pivot's residents who stay, remittances received by them included;
    * ``migrants``: what they keep in the host less what they earned at home (remittances count
      with the stayers, so this may be negative);
    * ``natives``: the host's own residents; ``others``: all other regions;
    * ``world``: sum of the four.
    """

    stayers: float
    migrants: float
    natives: float
    others: float

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
    require_names(
        calibration.labels,
        {"pivot": accord.pivot, "partner": accord.partner},
        {"sectors": accord.sectors},
    )
    solution = solve(calibration, instruments(accord, calibration))
    resident = (solution.real_income_hat - 1.0) * calibration.final_spending / 1000.0
    home = float(resident[calibration.labels.region_index(accord.pivot)])
    host = float(resident[calibration.labels.region_index(accord.partner)])
    gave_up, kept = accord.home_value / 1000.0, accord.spent_in_host / 1000.0
    return Gains(
        stayers=home + gave_up,
        migrants=kept - gave_up,
        natives=host - kept,
        others=float(resident.sum()) - home - host,
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
    "remittances": (_MONEY, "earnings sent home"),
    "remittances_share": ("share of GDP", "earnings sent home over the pivot's value added"),
    "stayers": (_MONEY, "gain of the pivot's residents who stay, remittances included"),
    "migrants": (_MONEY, "gain of those who go, apart from what they send home"),
    "world": (_MONEY, "gain of all regions together"),
    "surplus": (_MONEY, "immigration surplus of the host, second order, not in the engine"),
}


def account(
    accord: LabourAccord, world: Economy | Calibration, *, draws: int = 64, seed: int = 0
) -> TieAccount:
    """Return the account of an accord, solving the world on every draw."""
    calibration = world if isinstance(world, Calibration) else calibrate(world)
    found = estimates(
        accord, lambda drawn: _numbers(drawn, calibration), _LINES | DETAILS, draws=draws, seed=seed
    )
    bound = "The quota binds." if accord.quota_binds else "The quota does not bind."
    return TieAccount(
        tie="labour accord",
        pivot=accord.pivot,
        partner=accord.partner,
        details={name: found[name] for name in DETAILS},
        notes=(
            bound,
            "Permits are approvals a year; the shortage is a stock of vacancies. Skills, the risks "
            "of war and overstaying are outside the model.",
        ),
        **{name: found[name] for name in _LINES},
    )


def _numbers(accord: LabourAccord, calibration: Calibration) -> dict[str, float]:
    found = gains(accord, calibration)
    labels, earned = calibration.labels, calibration.value_added / 1000.0
    host = float(earned[labels.region_index(accord.partner)])
    home = float(earned[labels.region_index(accord.pivot)])
    share = accord.labour_share.value
    inflow = accord.host_value / 1000.0 / (share * host) if share > 0.0 else 0.0
    return {
        "value_to_pivot": found.nationals,
        "value_to_partner": found.natives,
        "dependence": accord.workers / (accord.workers + accord.workers_abroad.value),
        "replacement_time": accord.replacement_time.value,
        "exposure": max(0.0, accord.hazard.value * found.nationals),
        "workers": accord.workers,
        "share_of_gap": accord.share_of_gap,
        "remittances": accord.sent_home / 1000.0,
        "remittances_share": accord.sent_home / 1000.0 / home,
        "stayers": found.stayers,
        "migrants": found.migrants,
        "world": found.world,
        "surplus": immigration_surplus(share, accord.wage_elasticity.value, inflow) * host,
    }
