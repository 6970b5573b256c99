"""Inputs of ties as study files set them: strict, with ranges, and every error told at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    ValidationError,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from tula.errors import TulaError, UnknownNameError, did_you_mean
from tula.ties.quantity import DRAWS, Estimate, Quantity, spread
from tula.world.labels import Labels


class TieNameError(TulaError):
    """Regions or sectors that a tie names are not in the world. Each line gives the nearest."""


class TieInputs(BaseModel):
    """Base of the inputs of a tie: frozen, and unknown keys are refused with the nearest valid."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="wrap")
    @classmethod
    def _near_names(cls, given: Any, handler: Callable[[Any], TieInputs]) -> TieInputs:
        try:
            return handler(given)
        except ValidationError as error:
            lines = [_line(details, list(cls.model_fields)) for details in error.errors()]
            raise ValidationError.from_exception_data(error.title, lines) from None


def _line(details: Any, valid: list[str]) -> InitErrorDetails:
    location = details["loc"]
    if details["type"] == "extra_forbidden" and len(location) == 1:
        message = f"unknown key{did_you_mean(str(location[0]), valid)}"
    else:
        message = details["msg"].removeprefix("Value error, ")
    kind = PydanticCustomError("tie", "{message}", {"message": message})
    return InitErrorDetails(type=kind, loc=location, input=details["input"])


def _not_negative(quantity: Quantity) -> Quantity:
    if quantity.low < 0.0:
        raise ValueError(f"must be zero or more over its whole range; low is {quantity.low}")
    return quantity


def above_zero(quantity: Quantity) -> Quantity:
    """Return a quantity; ``ValueError`` unless all of its range is above zero."""
    if quantity.low <= 0.0:
        raise ValueError(f"must be above zero over its whole range; low is {quantity.low}")
    return quantity


def _share(quantity: Quantity) -> Quantity:
    if quantity.low < 0.0 or quantity.high > 1.0:
        raise ValueError(
            "is a share between 0 and 1 over its whole range (5% is 0.05); "
            f"got {quantity.low} to {quantity.high}"
        )
    return quantity


def _growth(quantity: Quantity) -> Quantity:
    if quantity.low <= -1.0:
        raise ValueError(f"is a relative change above -1 (-100%); low is {quantity.low}")
    return quantity


NotNegative = Annotated[Quantity, AfterValidator(_not_negative)]
Positive = Annotated[Quantity, AfterValidator(above_zero)]
Share = Annotated[Quantity, AfterValidator(_share)]
Growth = Annotated[Quantity, AfterValidator(_growth)]

T = TypeVar("T", bound=TieInputs)


def quantities(inputs: TieInputs, at: str = "") -> dict[str, Quantity]:
    """Return every quantity of the inputs by its path, such as ``rails.2.capacity``."""
    found: dict[str, Quantity] = {}
    for name in type(inputs).model_fields:
        found |= _quantities(getattr(inputs, name), f"{at}.{name}" if at else name)
    return found


def _quantities(value: object, at: str) -> dict[str, Quantity]:
    if isinstance(value, Quantity):
        return {at: value}
    if isinstance(value, TieInputs):
        return quantities(value, at)
    members: list[tuple[object, object]] = []
    if isinstance(value, tuple):
        members = list(enumerate(value))
    elif isinstance(value, Mapping):
        members = list(value.items())
    found: dict[str, Quantity] = {}
    for key, member in members:
        found |= _quantities(member, f"{at}.{key}")
    return found


def fixed(inputs: T, values: Mapping[str, float]) -> T:
    """Return the inputs with every quantity replaced by the exact number under its path."""
    changed: T = _fixed(inputs, "", values)
    return changed


def _fixed(value: Any, at: str, values: Mapping[str, float]) -> Any:
    if isinstance(value, Quantity):
        number = values[at]
        return Quantity.model_construct(value=number, low=number, high=number)
    if isinstance(value, TieInputs):
        names = type(value).model_fields
        found = {
            name: _fixed(getattr(value, name), f"{at}.{name}" if at else name, values)
            for name in names
        }
        return value.model_copy(update=found)
    if isinstance(value, tuple):
        return tuple(_fixed(part, f"{at}.{place}", values) for place, part in enumerate(value))
    if isinstance(value, Mapping):
        return {key: _fixed(part, f"{at}.{key}", values) for key, part in value.items()}
    return value


def estimates(
    inputs: T,
    model: Callable[[T], Mapping[str, float]],
    meanings: Mapping[str, tuple[str, str]],
    *,
    draws: int = DRAWS,
    seed: int = 0,
) -> dict[str, Estimate]:
    """Return an estimate of every number the model reads off the inputs, over their ranges.

    ``meanings`` gives (unit, meaning) for each of them. Quantities are drawn independently.
    """
    found = spread(
        lambda values: model(fixed(inputs, values)), quantities(inputs), draws=draws, seed=seed
    )
    return {name: Estimate(*found[name], *meanings[name]) for name in found}


def require_names(
    labels: Labels,
    regions: Mapping[str, str | tuple[str, ...]],
    sectors: Mapping[str, tuple[str, ...]] | None = None,
) -> None:
    """Raise one ``TieNameError`` for every region or sector named that the world does not hold.

    Keys say which input names it. A single code must be a region; a tuple may hold groups.
    """
    problems = []
    for field, named in regions.items():
        try:
            if isinstance(named, str):
                labels.region_index(named)
            else:
                labels.resolve_regions(named)
        except UnknownNameError as error:
            problems.append(f"{field}: {error}")
    for field, names in (sectors or {}).items():
        try:
            labels.resolve_sectors(names)
        except UnknownNameError as error:
            problems.append(f"{field}: {error}")
    if problems:
        raise TieNameError("\n  ".join(["the world does not hold what the tie names:", *problems]))
