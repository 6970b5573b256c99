"""What instruments on trade flows share: who sells what to whom, and exactly one operator."""

from __future__ import annotations

from tula.policy.base import PolicyInstrument
from tula.policy.units import ExceptRegions, ExceptSectors, Regions, Sectors, refusal


def one_of(**given: object) -> str:
    """Return the only name whose value is not None; refuse none or several."""
    found = [name for name, value in given.items() if value is not None]
    if len(found) != 1:
        got = "none" if not found else " and ".join(found)
        raise refusal(f"give exactly one of {', '.join(given)}; got {got}")
    return found[0]


class TradeInstrument(PolicyInstrument):
    """An instrument on flows from exporters to importers in some sectors.

    ``except_importers``, ``except_exporters`` and ``except_sectors`` are taken out of their side;
    ``except_partners`` out of the partners' (exporters, or importers for an export tax or cap).
    """

    importer: Regions
    """Who buys."""
    exporter: Regions
    """Who sells."""
    sectors: Sectors
    """What is traded."""
    except_importers: ExceptRegions = ()
    """Taken out of those who buy."""
    except_exporters: ExceptRegions = ()
    """Taken out of those who sell."""
    except_sectors: ExceptSectors = ()
    """Taken out of what is traded."""
    except_partners: ExceptRegions = ()
    """Taken out of the other side."""
