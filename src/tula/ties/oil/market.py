"""A whole oil market, checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError, model_validator

from tula.ties.oil.consistency import market_problems
from tula.ties.oil.errors import OilMarketError
from tula.ties.oil.parts import MarketParts

#: Between problems of one entry.
NEW_LINE = "\n  "


class OilMarket(MarketParts):
    """The market for one partner's crude whose entries agree with each other; see its parts."""

    @model_validator(mode="after")
    def _consistent(self) -> OilMarket:
        problems = market_problems(self)
        if problems:
            raise ValueError(NEW_LINE.join(problems))
        return self


def read_market(fields: Mapping[str, Any]) -> OilMarket:
    """Return the market described by plain data, such as a study file's; ``OilMarketError``."""
    try:
        return OilMarket.model_validate(fields)
    except ValidationError as error:
        raise OilMarketError("the oil market", _lines(error)) from None


def _lines(error: ValidationError) -> list[str]:
    lines = []
    for details in error.errors():
        where = ".".join(str(step) for step in details["loc"])
        parts = details["msg"].split(NEW_LINE)
        lines += [f"{where}: {part}" if where else part for part in parts]
    return lines
