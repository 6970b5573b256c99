"""What every instrument shares: strict fields, a name, a period in force, errors told at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeVar, cast

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic_core import ErrorDetails

from tula.described import Described
from tula.errors import TulaError, did_you_mean, first_only
from tula.policy.units import Day, Fraction, refusal
from tula.wanted import wanted

Own = TypeVar("Own", bound="PolicyInstrument")


@dataclass(frozen=True)
class FieldProblem:
    """One thing wrong in an instrument: ``location`` is the path of keys that leads to it."""

    location: tuple[str | int, ...]
    message: str

    def __str__(self) -> str:
        where = ".".join(str(step) for step in self.location)
        return f"{where}: {self.message}" if where else self.message


class InstrumentError(TulaError):
    """An instrument is not well formed. Each problem names the field and what to write instead."""

    def __init__(self, title: str, problems: Iterable[FieldProblem]) -> None:
        self.title, self.problems = title, tuple(problems)
        super().__init__("\n  ".join([f"{title} cannot be used:", *map(str, self.problems)]))


def field_problems(error: ValidationError, model: type[BaseModel]) -> tuple[FieldProblem, ...]:
    """Put the errors of one model in plain words; unknown keys get the nearest valid ones."""
    valid = [field for field in model_fields(model) if field != "kind"]
    near = first_only(lambda name: did_you_mean(name, valid))
    return tuple(
        FieldProblem(details["loc"], _message(details, near)) for details in error.errors()
    )


def model_fields(model: type[BaseModel]) -> tuple[str, ...]:
    """Keys of an instrument as files write them."""
    return tuple(field.serialization_alias or name for name, field in model.model_fields.items())


def _message(details: ErrorDetails, near: Callable[[str], str]) -> str:
    if details["type"] == "missing":
        return "is required and not given"
    if details["type"] == "extra_forbidden":
        return f"unknown key{near(str(details['loc'][-1]))}"
    return wanted(details["type"], details["input"]) or details["msg"]


if TYPE_CHECKING:
    from pydantic._internal._model_construction import ModelMetaclass
else:
    ModelMetaclass = type(BaseModel)


class _InstrumentType(ModelMetaclass):
    """Makes direct construction raise ``InstrumentError``; nested validation keeps pydantic's."""

    def __call__(self, *args: object, **fields: object) -> object:
        if args:
            raise TypeError(f"{self.__name__} takes its fields by name, such as importer='USA'")
        try:
            return super().__call__(*args, **fields)
        except ValidationError as error:
            model = cast("type[BaseModel]", self)
            raise InstrumentError(self.__name__, field_problems(error, model)) from None


class PolicyInstrument(Described, BaseModel, metaclass=_InstrumentType):
    """Base of all instruments.

    ``name`` is for people; ``start`` and ``end`` are the first and the last day in force (both
    included; none = always). Raises ``InstrumentError`` when built from bad fields.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        validate_default=False,
        defer_build=True,
    )

    name: str | None = None
    """What readers see it called."""
    start: Day | None = None
    """First day in force; left out, always."""
    end: Day | None = None
    """Last day in force; left out, for good."""

    @model_validator(mode="after")
    def _dates_in_order(self) -> PolicyInstrument:
        if self.start and self.end and self.end < self.start:
            raise refusal(f"end {self.end} comes before start {self.start}")
        return self

    def having(self: Own, **fields: object) -> Own:
        """Return the instrument with other fields, checked as when it was built."""
        had = {name: getattr(self, name) for name in self.model_fields_set}
        plain = {
            key: Fraction(had[key]) if isinstance(had[key], float) else had[key] for key in had
        }
        return type(self)(**plain | fields)

    def __repr_args__(self) -> list[tuple[str | None, object]]:
        """Show what was stated, and nothing that was left at its default."""
        return [pair for pair in super().__repr_args__() if pair[0] in self.model_fields_set]

    @property
    def dated(self) -> bool:
        """Whether the instrument is in force only for a time."""
        return self.start is not None or self.end is not None

    @property
    def reads_base(self) -> bool:
        """Whether base trade or wage bills decide how much it does."""
        return False

    def in_force(self, on: date) -> bool:
        """Whether the instrument is in force on this day."""
        return (self.start is None or self.start <= on) and (self.end is None or on <= self.end)
