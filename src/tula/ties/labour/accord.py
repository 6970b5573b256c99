"""An accord by which one country admits another's workers: its inputs and closed forms.

Permits are a flow; the shortage they are held against is a stock of vacancies. Workers present are
permits a year times the years that one of them stays.
"""

from __future__ import annotations

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from tula.equilibrium import Calibration
from tula.policy import Instrument, Labour, Remittance
from tula.ties.inputs import NotNegative, Positive, Share, TieInputs


class LabourAccord(TieInputs):
    """Workers of ``pivot`` admitted by ``partner``, region codes of the world.

    * ``permits`` asked for and ``quota`` granted, thousand a year: the lower counts;
    * ``stay``: years that a permit holder works in the host;
    * ``home_earnings``, ``host_earnings``: USD a year per worker at base wages;
    * ``remitted``: share of host earnings sent home;
    * ``gap``: the host's shortage of labour, thousand;
    * ``sectors`` of the host that take them on (codes or groups);
    * ``labour_share`` of the host's GDP and ``wage_elasticity``, the fall of the host's wage in per
      cent for one per cent more labour: for the immigration surplus alone;
    * ``workers_abroad``: the pivot's workers in other countries, thousand;
    * ``replacement_time``: years to place half of the workers elsewhere; ``hazard``: probability a
      year that pressure of third countries ends the accord.
    """

    pivot: str
    partner: str
    permits: NotNegative
    quota: NotNegative
    stay: Positive
    home_earnings: Positive
    host_earnings: Positive
    remitted: Share
    gap: Positive
    sectors: tuple[str, ...]
    labour_share: Share
    wage_elasticity: NotNegative
    workers_abroad: Positive
    replacement_time: Positive
    hazard: Share

    @model_validator(mode="after")
    def _two_countries(self) -> LabourAccord:
        if self.pivot == self.partner:
            why = f"{self.pivot} cannot admit its own workers: name two regions"
            raise PydanticCustomError("tie", "{why}", {"why": why})
        return self

    @property
    def workers(self) -> float:
        """Workers present at central values, thousand."""
        return min(self.permits.value, self.quota.value) * self.stay.value

    @property
    def home_value(self) -> float:
        """What they would earn at home, million USD a year."""
        return self.workers * self.home_earnings.value / 1000.0

    @property
    def host_value(self) -> float:
        """What they earn in the host, million USD a year."""
        return self.workers * self.host_earnings.value / 1000.0

    @property
    def sent_home(self) -> float:
        """Remittances, million USD a year."""
        return self.remitted.value * self.host_value

    @property
    def spent_in_host(self) -> float:
        """Earnings not remitted, million USD a year."""
        return self.host_value - self.sent_home

    @property
    def share_of_gap(self) -> float:
        """Workers present over the host's shortage."""
        return self.workers / self.gap.value

    @property
    def quota_binds(self) -> bool:
        """Whether more want to go than the quota admits."""
        return self.permits.value > self.quota.value


def instruments(accord: LabourAccord, calibration: Calibration) -> list[Instrument]:
    """Return the accord as moves of the engine: labour both ways, and remittances.

    The host's work force grows by what the workers add there at base wages, the pivot's shrinks by
    what they earned at home. The engine's one factor stands for all value added.
    """
    labels = calibration.labels
    bill = (calibration.value_added_share * calibration.output)[labels.region_index(accord.partner)]
    sectors = labels.resolve_sectors(accord.sectors)
    hiring = sum(float(bill[labels.sector_index(code)]) for code in sectors)
    left = accord.home_value / float(calibration.value_added[labels.region_index(accord.pivot)])
    return [
        Labour(region=accord.partner, sectors=sectors, change=accord.host_value / hiring),
        Labour(region=accord.pivot, change=-left),
        Remittance(from_=accord.partner, to=accord.pivot, amount_musd=accord.sent_home),
    ]


def immigration_surplus(labour_share: float, wage_elasticity: float, inflow: float) -> float:
    """Return the gain of a host's natives, share of GDP: s_L e m^2 / 2.

    ``inflow`` m is immigrant labour over the host's; ``wage_elasticity`` e the fall of the wage
    for one per cent more labour (Borjas 1995, *Journal of Economic Perspectives* 9(2)). Second
    order in the inflow, and not in the engine, whose single factor has constant returns.
    """
    return 0.5 * labour_share * wage_elasticity * inflow**2


def remittance_gain(workers: float, sent_each: float, gdp: float) -> float:
    """Return remittances over GDP: the pivot's first-order gain, wages and prices held.

    ``workers`` thousand, ``sent_each`` USD a year, ``gdp`` billion USD.
    """
    return workers * sent_each / 1e6 / gdp
