"""Any instrument, as files write it: one key that names the kind, its fields beneath."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, get_args

from pydantic import BeforeValidator, ConfigDict, TypeAdapter, ValidationError

from tula.errors import did_you_mean
from tula.policy.base import FieldProblem, InstrumentError, PolicyInstrument, field_problems
from tula.policy.instruments import Instrument
from tula.policy.units import refusal

__all__ = ["KINDS", "Instrument", "WrittenInstrument", "parse_instrument"]

#: Kind of instrument, as files name it, to its class.
KINDS: Mapping[str, type[PolicyInstrument]] = {
    model.model_fields["kind"].default: model for model in get_args(get_args(Instrument)[0])
}


def _flat(value: object) -> object:
    """Turn ``{tariff: {...}}`` into ``{kind: tariff, ...}``; pass instruments through."""
    if isinstance(value, PolicyInstrument):
        return value
    if not isinstance(value, Mapping):
        raise refusal(f"expected one instrument such as 'tariff: {{...}}', got {value!r}")
    if "kind" in value:
        _known(value["kind"])
        return dict(value)
    if len(value) != 1:
        keys = ", ".join(map(str, value)) or "none"
        raise refusal(f"expected one key that names the instrument, got {keys}")
    ((kind, body),) = value.items()
    _known(kind)
    if not isinstance(body, Mapping):
        raise refusal(f"{kind} needs its fields as a mapping, got {body!r}")
    if "kind" in body:
        raise refusal(f"{kind} states its kind twice: drop the key 'kind'")
    return {**body, "kind": kind}


def _known(kind: object) -> None:
    if not isinstance(kind, str) or kind not in KINDS:
        raise refusal(f"unknown instrument {kind!r}{did_you_mean(str(kind), KINDS)}")


#: Any instrument as files write it. Error locations read (kind, field), as the keys stand there.
WrittenInstrument = Annotated[Instrument, BeforeValidator(_flat)]

_ADAPTER: TypeAdapter[Instrument] = TypeAdapter(
    WrittenInstrument, config=ConfigDict(defer_build=True)
)


def parse_instrument(mapping: object) -> Instrument:
    """Read one instrument from ``{kind: {fields}}`` or ``{"kind": kind, **fields}``.

    Raises ``InstrumentError`` with every problem and the path of keys to it, (kind, field).
    """
    try:
        return _ADAPTER.validate_python(mapping)
    except ValidationError as error:
        raise _all_problems(error) from None


def _all_problems(error: ValidationError) -> InstrumentError:
    location = error.errors()[0]["loc"]
    if not location:
        return InstrumentError("instrument", (FieldProblem((), error.errors()[0]["msg"]),))
    kind = str(location[0])
    return InstrumentError(kind, field_problems(error, KINDS[kind]))
