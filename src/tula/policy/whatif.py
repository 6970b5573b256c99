"""What-if text of the command line, such as ``USA:IND:goods-PHA:+25pp``, to instruments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tula.errors import UnknownNameError
from tula.policy.base import InstrumentError
from tula.policy.forms import WHATIF_FORMS, assign, read_value, unreadable
from tula.policy.instruments import Instrument
from tula.policy.terms import Fault, Part, Selection, WhatIfError, read_terms
from tula.policy.union import parse_instrument
from tula.world.labels import Labels

Fields = dict[str, object]


@dataclass
class _Reading:
    """The parts of one what-if, read against the labels; faults gather on the way."""

    labels: Labels
    parts: Mapping[str, Part]
    faults: list[Fault] = field(default_factory=list)

    def chosen(self, word: str) -> Selection:
        """Regions and groups of one part, with those excepted."""
        return read_terms(self.parts[word], self.labels.region_vocabulary, self.faults)

    def regions(self, word: str) -> list[str]:
        """Regions and groups of one part; exceptions are taken out, code by code."""
        chosen = self.chosen(word)
        if not chosen.spared or self.faults:
            return list(chosen.names)
        spared = self.labels.resolve_regions(chosen.spared)
        return [c for c in self.labels.resolve_regions(chosen.names) if c not in spared]

    def region(self, word: str) -> str:
        """The code of one region."""
        part = self.parts[word]
        try:
            return self.labels.region(part.text)
        except UnknownNameError as problem:
            self.faults.append(Fault(part, str(problem)))
            return part.text

    def sectors(self) -> Fields:
        """Fields for the sectors chosen and excepted; none where the part is left out."""
        if "SECTORS" not in self.parts:
            return {}
        chosen = read_terms(self.parts["SECTORS"], self.labels.sector_vocabulary, self.faults)
        return {"sectors": chosen.names, "except_sectors": chosen.spared}

    def trade(self, actor: str = "IMPORTER", partner: str = "EXPORTER") -> Fields:
        """Fields for who trades what; exceptions stay by name."""
        actors, partners = self.chosen(actor), self.chosen(partner)
        return {
            actor.lower(): actors.names,
            partner.lower(): partners.names,
            f"except_{actor.lower()}s": actors.spared,
            "except_partners": partners.spared,
            **self.sectors(),
        }

    def value(self, word: str) -> tuple[str, str]:
        """Operator and operand of a value part."""
        found = read_value(word, self.parts[word])
        if found is None:
            self.faults.append(unreadable(self.parts[word], [word]))
        return found or ("none", "0")

    def rate(self) -> Fields:
        """The operator field of a rate instrument."""
        operator, operand = self.value("RATE")
        if operator == "multiply":
            return {operator: float(operand), **self.reach()}
        return {**_of(operator, operand, "unit_value"), **self.reach()}

    def reach(self) -> Fields:
        """On what share of trade a measure acts, and whether alone, where that is said."""
        share: Fields = {"coverage": self.value("SHARE")[1]} if "SHARE" in self.parts else {}
        if "OVERRIDE" not in self.parts:
            return share
        return share | {"override": bool(self.value("OVERRIDE"))}

    def factor(self) -> float:
        """A ratio of new to old, from a factor or a relative change."""
        operator, operand = self.value("FACTOR")
        return 1.0 + float(operand.rstrip(" %")) / 100.0 if operator == "change" else float(operand)

    def million(self) -> float:
        """An amount in million USD."""
        operator, operand = self.value("AMOUNT")
        return float(operand) * (1000.0 if operator == "bn" else 1.0)

    def ceiling(self, word: str) -> Fields:
        """Fields of a cap: its level, and its scope and who keeps the rent where they are said."""
        scope, level = self.value(word)
        fields = _of("at", level, "base")
        if scope in ("each", "together"):
            fields["together"] = scope == "together"
        if "RENT" in self.parts:
            fields["rent_to"] = self.value("RENT")[1]
        return fields

    def answer(self) -> Fields:
        """The operator field of a retaliation, and the part of trade that it reaches."""
        operator, operand = self.value("ANSWER")
        if operator == "trade":
            points, _, part = operand.partition("@")
            return {"add": points, "trade": part}
        return {operator: operand or "100%"}

    def two_rates(self) -> Fields:
        """The duties inside and beyond a quota."""
        return {word.lower(): self.value(word)[1] for word in ("INSIDE", "BEYOND")}

    def thousand(self) -> float:
        """A number of people in thousand."""
        unit, operand = self.value("WORKERS")
        return float(operand) * (1000.0 if unit == "m" else 1.0)


def _of(key: str, operand: str, whole: str) -> Fields:
    """An operand, and under the key ``whole`` what it is a part of where that is said."""
    part, at, rest = operand.partition("@")
    return {key: part, whole: rest} if at else {key: operand}


def _migration(r: _Reading) -> Fields:
    share = {"remitted": r.value("SHARE")[1]} if "SHARE" in r.parts else {}
    return {
        "from": r.region("FROM"),
        "to": r.region("TO"),
        "workers_thousand": r.thousand(),
        "home_earnings_usd": float(r.value("HOME")[1]),
        "host_earnings_usd": float(r.value("HOST")[1]),
        **share,
    }


def _agreement(r: _Reading) -> Fields:
    return {"members": [r.regions("SIDE"), r.regions("PARTNER")], **r.sectors(), **r.reach()}


#: Kind of what-if to the kind of instrument and the reader of its fields.
_READERS: Mapping[str, tuple[str, Callable[[_Reading], Fields]]] = {
    "tariff": ("tariff", lambda r: r.trade() | r.rate()),
    "export-tax": ("export_tax", lambda r: r.trade("EXPORTER", "IMPORTER") | r.rate()),
    "retaliation": ("retaliation", lambda r: r.trade() | r.answer()),
    "trade-cost": ("trade_cost", lambda r: r.trade() | {"factor": r.factor()}),
    "embargo": ("embargo", lambda r: r.trade() | r.reach()),
    "cut": ("import_cut", lambda r: r.trade() | {"cut": r.value("SHARE")[1]}),
    "import-cap": ("import_cap", lambda r: r.trade() | r.ceiling("CEILING")),
    "export-cap": ("export_cap", lambda r: r.trade("EXPORTER", "IMPORTER") | r.ceiling("CEILING")),
    "tariff-quota": ("tariff_quota", lambda r: r.trade() | r.two_rates() | r.ceiling("CEILING")),
    "price-cap": ("price_cap", lambda r: r.trade() | r.ceiling("LEVEL")),
    "agreement": ("trade_agreement", _agreement),
    "productivity": (
        "productivity",
        lambda r: {"region": r.regions("REGION"), **r.sectors(), "factor": r.factor()},
    ),
    "labour": (
        "labour",
        lambda r: {"region": r.regions("REGION"), **r.sectors(), "factor": r.factor()},
    ),
    "transfer": (
        "transfer",
        lambda r: {
            "payer": r.region("PAYER"),
            "receiver": r.region("RECEIVER"),
            "amount_musd": r.million(),
        },
    ),
    "remittance": (
        "remittance",
        lambda r: {"from": r.region("FROM"), "to": r.region("TO"), "amount_musd": r.million()},
    ),
    "migration": ("migration", _migration),
}


def parse_whatif(kind: str, text: str, labels: Labels) -> Instrument:
    """Read one what-if, such as ``parse_whatif("tariff", "USA:IND:goods:+25pp", labels)``.

    Raises ``UnknownNameError`` for the kind and ``WhatIfError`` for the text; the latter points
    at every part that is wrong and says what was expected there.
    """
    if kind not in WHATIF_FORMS:
        raise UnknownNameError("what-if", kind, WHATIF_FORMS)
    text = text.replace("−", "-")
    reading = _Reading(labels, *assign(kind, text))
    instrument, read = _READERS[kind]
    fields = read(reading)
    if reading.faults:
        raise WhatIfError(kind, text, reading.faults)
    try:
        return parse_instrument({instrument: fields})
    except InstrumentError as error:
        whole = Part(text, 0)
        raise WhatIfError(kind, text, [Fault(whole, p.message) for p in error.problems]) from None
