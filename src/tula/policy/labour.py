"""What happens to the work force: its size, and workers admitted by one region from another."""

from __future__ import annotations

from typing import Literal

from pydantic import AliasChoices, Field, model_validator

from tula.policy.base import PolicyInstrument
from tula.policy.flows import one_of
from tula.policy.units import (
    Change,
    Earnings,
    ExceptSectors,
    NotNegative,
    Ratio,
    Region,
    Regions,
    Sectors,
    Share,
    Thousands,
    refusal,
)


class Labour(PolicyInstrument):
    """Change of effective labour, by ``factor`` (new over old) or ``change`` (0.02 or ``"2%"``).

    Where sectors are named only their workers are concerned: labour is mobile, so the region's
    endowment moves by that change times the sectors' share of its wage bill.
    """

    kind: Literal["labour"] = "labour"
    region: Regions
    """Where."""
    factor: Ratio | None = None
    """Ratio of new to old."""
    change: Change | None = None
    """The same as a relative change, such as 2%."""
    sectors: Sectors | None = None
    """Whose workers; left out, all."""
    except_sectors: ExceptSectors = ()
    """Whose workers not."""

    @model_validator(mode="after")
    def _one_operator(self) -> Labour:
        one_of(factor=self.factor, change=self.change)
        if self.except_sectors and self.sectors is None:
            raise refusal("except_sectors needs sectors to be excepted from")
        return self

    @property
    def ratio(self) -> float:
        """Ratio of new to old labour among those concerned."""
        return self.factor if self.factor is not None else 1.0 + (self.change or 0.0)

    @property
    def reads_base(self) -> bool:
        """Whether it is of some sectors, which count by the wages they pay."""
        return self.sectors is not None


class Migration(PolicyInstrument):
    """Workers of one region admitted by another, up to a quota.

    ``from_`` (in files ``from``) is their home. ``workers_thousand`` is the quota;
    ``home_earnings_usd`` and ``host_earnings_usd`` what one of them earns a year, at base wages,
    at home and in the host. ``remitted`` is the share of the new earnings sent home. With
    ``wanted_thousand``, those who would go at base real wages, the quota may stay unfilled;
    ``elasticity`` says how that number answers the host's real wage over the home's.
    """

    kind: Literal["migration"] = "migration"
    from_: Region = Field(
        validation_alias=AliasChoices("from", "from_"), serialization_alias="from"
    )
    """Home of the workers."""
    to: Region
    """Their host."""
    workers_thousand: Thousands
    """The quota, thousand people."""
    home_earnings_usd: Earnings
    """What one of them earns a year at home, at base wages, USD."""
    host_earnings_usd: Earnings
    """What one of them earns a year in the host, at base wages, USD."""
    remitted: Share = 0.0
    """Share of the new earnings sent home."""
    wanted_thousand: Thousands | None = None
    """Those who would go at base real wages, thousand; left out, the quota is filled."""
    elasticity: NotNegative = 0.0
    """Answer of that number to the host's real wage over the home's."""

    @model_validator(mode="after")
    def _consistent(self) -> Migration:
        if self.from_ == self.to:
            raise refusal(f"{self.to} cannot admit its own workers: name two different regions")
        if self.elasticity > 0.0 and self.wanted_thousand is None:
            raise refusal("elasticity needs wanted_thousand: the number who would go")
        return self

    @property
    def parties(self) -> tuple[str, str]:
        """Codes of home and host."""
        return self.from_, self.to

    @property
    def home_value(self) -> float:
        """What the quota's workers earn a year at home at base wages, million USD."""
        return self.workers_thousand * self.home_earnings_usd / 1000.0

    @property
    def host_value(self) -> float:
        """What the quota's workers earn a year in the host at base wages, million USD."""
        return self.workers_thousand * self.host_earnings_usd / 1000.0
