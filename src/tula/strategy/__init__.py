"""What the players choose: best policies, games among states, sanctions.

Names are loaded on first use, so that importing the room costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tula.strategy.agreement import Agreement as Agreement
    from tula.strategy.agreement import cooperative as cooperative
    from tula.strategy.duty_game import Nash as Nash
    from tula.strategy.duty_game import nash as nash
    from tula.strategy.optimal import Optimum as Optimum
    from tula.strategy.optimal import optimal_tariffs as optimal_tariffs
    from tula.strategy.replace import Replace as Replace
    from tula.strategy.space import PolicySpace as PolicySpace

_HOMES = {
    "tula.strategy.agreement": "Agreement cooperative",
    "tula.strategy.duty_game": "Nash nash",
    "tula.strategy.optimal": "Optimum optimal_tariffs",
    "tula.strategy.replace": "Replace",
    "tula.strategy.space": "PolicySpace",
}
_HOME = {name: home for home, names in _HOMES.items() for name in names.split()}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(importlib.import_module(_HOME[name]), name)
    raise AttributeError(f"module 'tula.strategy' has no attribute {name!r}")
