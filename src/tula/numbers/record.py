"""The one base of whatever a file may state: strict, frozen, all faults told at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from tula.described import Described
from tula.errors import did_you_mean, first_only
from tula.numbers.quantity import Quantity, exact
from tula.wanted import wanted

Path_ = tuple[str | int, ...]
#: Fields that are filled in from the study where it reads a record, unless stated there.
FILLED_IN = ("pivot", "partner")
#: Kind of pydantic's error for several faults of one record, each with the path to it.
FAULTS = "faults"


class Unit(NamedTuple):
    """The unit of a field's number, and a value that it might have: for reference pages."""

    unit: str
    example: float | str | None = None

    def __get_pydantic_json_schema__(self, schema: Any, handler: Callable[[Any], Any]) -> Any:
        told = handler(schema)
        told["unit"] = self.unit
        if self.example is not None:
            told["examples"] = [self.example]
        return told


def refuse(faults: Iterable[tuple[Path_, str]]) -> None:
    """Raise one error for all faults of a record, each with the path of keys to it, if any."""
    listed = list(faults)
    if listed:
        text = "\n  ".join(": ".join(filter(None, (_dotted(at), why))) for at, why in listed)
        raise PydanticCustomError(FAULTS, "{text}", {"text": text, "faults": listed})


def _dotted(path: Path_) -> str:
    return ".".join(map(str, path))


class Record(Described, BaseModel):
    """A part of a file: frozen, no unknown keys, no conversions, finite numbers only.

    A list may stand for a tuple. A docstring below a field describes it on reference pages. Fields
    named ``pivot`` and ``partner`` are filled in from the study where it reads them.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
        defer_build=True,
    )

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, given: Any, info: Any) -> Any:
        if not isinstance(given, dict):
            return given
        told = {key: _tuples(value) for key, value in given.items()}
        for name in FILLED_IN:
            known = getattr(info.context, name, "")
            if known and name in cls.model_fields and name not in given:
                told[name] = known
        return told

    @model_validator(mode="wrap")
    @classmethod
    def _near_names(cls, given: Any, handler: Callable[[Any], Record], info: Any) -> Any:
        """Outside of files, say of an unknown key what is near; a file's reader does it itself."""
        try:
            return handler(given)
        except ValidationError as error:
            if info.context is not None:
                raise
            near = first_only(lambda name: did_you_mean(name, cls.model_fields))
            lines = [_line(details, near) for details in error.errors()]
            raise ValidationError.from_exception_data(error.title, lines) from None


def _tuples(value: Any) -> Any:
    """A value with tuples in place of lists, whatever they stand in."""
    if isinstance(value, dict):
        return {key: _tuples(member) for key, member in value.items()}
    return tuple(map(_tuples, value)) if isinstance(value, list | tuple) else value


def _line(details: Any, near: Callable[[str], str]) -> InitErrorDetails:
    location, kind = details["loc"], details["type"]
    if kind == "extra_forbidden" and len(location) == 1:
        message = f"unknown key{near(str(location[0]))}"
    else:
        told = wanted(kind, details["input"])
        message = told or details["msg"].removeprefix("Value error, ")
    error = PydanticCustomError("told", "{message}", {"message": message})
    return InitErrorDetails(type=error, loc=location, input=details["input"])


def quantities(inputs: object, at: str = "") -> dict[str, Quantity]:
    """Return every quantity of a record by its path, such as ``rails.2.capacity``."""
    if isinstance(inputs, Quantity):
        return {at: inputs}
    found: dict[str, Quantity] = {}
    for name, member in _members(inputs):
        found |= quantities(member, f"{at}.{name}" if at else str(name))
    return found


def _members(value: object) -> Iterable[tuple[object, object]]:
    if isinstance(value, BaseModel):
        return [(name, getattr(value, name)) for name in type(value).model_fields]
    if isinstance(value, tuple):
        return enumerate(value)
    return list(value.items()) if isinstance(value, dict) else ()


def fixed(value: Any, values: Mapping[str, float], at: str = "") -> Any:
    """Return a record with every quantity replaced by the exact number under its path."""
    if isinstance(value, Quantity):
        return exact(values[at])
    told: dict[Any, Any] = {
        name: fixed(member, values, f"{at}.{name}" if at else str(name))
        for name, member in _members(value)
    }
    if isinstance(value, BaseModel):
        return value.model_copy(update=told)
    if isinstance(value, tuple):
        return tuple(told.values())
    return told if isinstance(value, dict) else value
