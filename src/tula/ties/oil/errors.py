"""What can be wrong with an oil market."""

from __future__ import annotations

from collections.abc import Iterable

from tula.errors import TulaError


class OilMarketError(TulaError):
    """The description of an oil market cannot be used.

    Every problem stands on its own line, with the entry it is about and what to write instead.
    """

    def __init__(self, title: str, problems: Iterable[str]) -> None:
        self.title, self.problems = title, tuple(problems)
        super().__init__("\n  ".join([f"{title} cannot be used:", *self.problems]))


class OilClearingError(TulaError):
    """No price clears the market for the partner's crude.

    Some buyer takes it at any price: give that buyer a ``need`` above its ``volume``.
    """


class OilFeedError(TulaError):
    """The engine's world oil price could not be brought to that of the oil market.

    Ask for a smaller shock, or check that the sector is the one that trades crude oil.
    """
