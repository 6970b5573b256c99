"""An accord by which one country admits another's workers: its inputs and closed forms.

Permits are a flow; the shortage they are held against is a stock of vacancies. Workers present are
permits a year times the years that one of them stays. The engine takes the accord as a corridor:
a quota that is filled as far as workers want to go.
"""

from __future__ import annotations

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from tula.numbers.quantity import NotNegative, Positive, Share
from tula.numbers.record import Record
from tula.policy import Migration
from tula.ties.labour.groups import WorkerGroup, averages, faults
from tula.world.named import Region

#: What a worker earns and sends, given for all alike or for each group.
EARNINGS = ("home_earnings", "host_earnings", "remitted")


class LabourAccord(Record):
    """Workers of ``pivot`` admitted by ``partner``, region codes of the world.

    * ``permits`` asked for at base wages and ``quota`` granted, thousand a year: the lower counts;
    * ``elasticity`` of the permits asked for to the host's real wage over the pivot's; left out,
      as many ask whatever they earn and a permit has no price;
    * ``stay``: years that a permit holder works in the host;
    * ``home_earnings``, ``host_earnings``: USD a year per worker at base wages;
    * ``remitted``: share of host earnings sent home;
    * ``groups`` of workers by skill and sector, instead of the three before;
    * ``gap``: the host's shortage of labour, thousand;
    * ``labour_share`` of the host's GDP and ``wage_elasticity``, the fall of the host's wage in per
      cent for one per cent more labour: for the immigration surplus alone;
    * ``workers_abroad``: the pivot's workers in other countries, thousand;
    * ``replacement_time``: years to place half of the workers elsewhere; ``hazard``: probability a
      year that pressure of third countries ends the accord.
    """

    pivot: Region
    partner: Region
    permits: NotNegative
    quota: NotNegative
    stay: Positive
    home_earnings: Positive | None = None
    host_earnings: Positive | None = None
    remitted: Share | None = None
    groups: tuple[WorkerGroup, ...] = ()
    gap: Positive
    labour_share: Share
    wage_elasticity: NotNegative
    workers_abroad: Positive
    replacement_time: Positive
    hazard: Share
    elasticity: Positive | None = None

    @model_validator(mode="after")
    def _two_countries(self) -> LabourAccord:
        if self.pivot == self.partner:
            why = f"{self.pivot} cannot admit its own workers: name two regions"
            raise PydanticCustomError("tie", "{why}", {"why": why})
        return self

    @model_validator(mode="after")
    def _earnings_once(self) -> LabourAccord:
        given = [name for name in EARNINGS if getattr(self, name) is not None]
        if self.groups:
            problems = faults(self.groups)
            problems += [f"{name}: stands with each of the groups already" for name in given]
            if self.labour_share.low == 0.0 and any(
                one.leaves or one.enters for one in self.groups
            ):
                problems.append("labour_share: must be above 0 where groups name sectors")
        else:
            lacking = [name for name in EARNINGS if name not in given]
            problems = [f"{name} is missing: give it, or groups" for name in lacking]
        if problems:
            raise PydanticCustomError("tie", "{why}", {"why": "\n".join(problems)})
        return self

    @property
    def earnings(self) -> tuple[float, float, float]:
        """Home and host earnings of a worker, USD a year, and the share of the latter sent home.

        Central values; of groups the average over those who go.
        """
        if self.home_earnings is None or self.host_earnings is None or self.remitted is None:
            return averages(self.groups)
        return self.home_earnings.value, self.host_earnings.value, self.remitted.value

    @property
    def workers(self) -> float:
        """Workers present at base wages, thousand."""
        return min(self.permits.value, self.quota.value) * self.stay.value

    @property
    def home_value(self) -> float:
        """What they would earn at home, million USD a year."""
        return self.workers * self.earnings[0] / 1000.0

    @property
    def host_value(self) -> float:
        """What they earn in the host, million USD a year."""
        return self.workers * self.earnings[1] / 1000.0

    @property
    def sent_home(self) -> float:
        """Remittances, million USD a year."""
        return self.earnings[2] * self.host_value

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


def instruments(accord: LabourAccord) -> list[Migration]:
    """Return the accord as a move of the engine; none where nobody goes.

    The host's work force grows by what the workers add there at base wages, the pivot's shrinks by
    what they earned at home, and a share of what they come to earn is sent home.
    """
    if accord.workers == 0.0:
        return []
    stay = accord.stay.value
    home, host, sent = accord.earnings
    return [
        Migration(
            name="labour accord",
            from_=accord.pivot,
            to=accord.partner,
            workers_thousand=accord.quota.value * stay,
            home_earnings_usd=home,
            host_earnings_usd=host,
            remitted=sent,
            wanted_thousand=accord.permits.value * stay,
            elasticity=0.0 if accord.elasticity is None else accord.elasticity.value,
        )
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
