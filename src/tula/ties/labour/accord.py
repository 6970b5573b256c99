"""An accord by which one country admits another's workers: its inputs and closed forms.

Permits are a flow; the shortage they are held against is a stock of vacancies. Workers present are
permits a year times the years that one of them stays. The engine takes the accord as a corridor:
a quota that is filled as far as workers want to go.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import model_validator

from tula.numbers.quantity import NotNegative, Positive, Share
from tula.numbers.record import Record, Unit, refuse
from tula.policy import Migration
from tula.ties.inputs import repeated
from tula.ties.labour.groups import WorkerGroup, averages, faults
from tula.world.named import Region

#: What a worker earns and sends, given for all alike or for each group.
EARNINGS = ("home_earnings", "host_earnings", "remitted")


class LabourAccord(Record):
    """Workers of ``pivot`` admitted by ``partner``.

    Of the permits asked for and the quota granted the lower counts. What a worker earns and sends
    is given for all alike, or for each of ``groups``.
    """

    pivot: Region
    """Where the workers come from; filled in by the study."""
    partner: Region
    """The host that admits them."""
    permits: Annotated[NotNegative, Unit("thousand people a year", 56.5)]
    """Permits asked for at base wages."""
    quota: Annotated[NotNegative, Unit("thousand people a year", 71.8)]
    """Permits granted at most."""
    stay: Annotated[Positive, Unit("years", 2.0)]
    """How long a permit holder works in the host."""
    home_earnings: Annotated[Positive | None, Unit("USD a year", 3000.0)] = None
    """What a worker earns at home, at base wages."""
    host_earnings: Annotated[Positive | None, Unit("USD a year", 8500.0)] = None
    """What a worker earns in the host, at base wages."""
    remitted: Annotated[Share | None, Unit("share", 0.6)] = None
    """Share of host earnings sent home."""
    groups: tuple[WorkerGroup, ...] = ()
    """Workers by skill and sector, in place of the three numbers before."""
    gap: Annotated[Positive, Unit("thousand people", 3100.0)]
    """The host's shortage of labour, a stock of vacancies."""
    labour_share: Annotated[Share, Unit("share of GDP", 0.5)]
    """Labour's part of the host's income; for the immigration surplus and what groups add."""
    wage_elasticity: Annotated[NotNegative, Unit("per cent for one per cent", 0.3)]
    """Fall of the host's wage for more labour; for the immigration surplus alone."""
    workers_abroad: Annotated[Positive, Unit("thousand people", 17500.0)]
    """The pivot's workers in other countries."""
    replacement_time: Annotated[Positive, Unit("years", 2.0)]
    """Time until half of the workers are placed elsewhere."""
    hazard: Annotated[Share, Unit("probability a year", 0.05)]
    """Chance that pressure of third countries ends the accord."""
    elasticity: Annotated[Positive | None, Unit("per cent for one per cent", 1.5)] = None
    """Of the permits asked for to the host's real wage over the pivot's; left out, as many ask
    whatever they earn and a permit has no price."""

    @model_validator(mode="after")
    def _consistent(self) -> LabourAccord:
        found = [*repeated(self, "groups"), *(faults(self.groups) if self.groups else ())]
        if self.pivot == self.partner:
            found.append(
                (("partner",), f"{self.pivot} cannot admit its own workers: name two regions")
            )
        for name in EARNINGS:
            given = getattr(self, name) is not None
            if given and self.groups:
                found.append(((name,), "stands with each of the groups already: take one out"))
            if not given and not self.groups:
                found.append(((), f"{name} is missing: give it, or groups"))
        sectors = any(one.leaves or one.enters for one in self.groups)
        if sectors and self.labour_share.low == 0.0:
            found.append((("labour_share",), "must be above 0 where groups name sectors"))
        refuse(found)
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
