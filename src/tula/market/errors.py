"""What can be wrong with a market."""

from __future__ import annotations

from collections.abc import Iterable

from tula.errors import TulaError


class MarketError(TulaError):
    """A market cannot be cleared as it is described.

    Every problem stands on its own line, with what to write instead.
    """

    def __init__(self, sector: str, problems: Iterable[str]) -> None:
        self.sector, self.problems = sector, tuple(problems)
        super().__init__(
            "\n  ".join([f"the market of {sector} cannot be cleared:", *self.problems])
        )


class MarketClearingError(TulaError):
    """No prices were found at which a market clears. Ask for a smaller shock."""


class MarketDisagreementError(TulaError):
    """A market by itself and the world with it in answer one question differently.

    Either prices move so far that the market's account, which is first-order beyond the market
    itself, cannot follow: state so, by a larger ``agree``; or the two do not describe one market.
    """
