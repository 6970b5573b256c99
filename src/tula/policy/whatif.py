"""What-if text of the command line, such as ``USA:IND:goods-PHA:+25pp``, to instruments."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tula.errors import UnknownNameError
from tula.policy.base import InstrumentError
from tula.policy.instruments import Instrument
from tula.policy.terms import Fault, Part, Selection, WhatIfError, read_terms, split_parts
from tula.policy.union import parse_instrument
from tula.world.labels import Labels

#: Kind of what-if, as the command line names it, to its parts; square brackets are optional.
WHATIF_FORMS: Mapping[str, str] = {
    "tariff": "IMPORTER:EXPORTER:SECTORS:RATE",
    "export-tax": "EXPORTER:IMPORTER:SECTORS:RATE",
    "trade-cost": "IMPORTER:EXPORTER:SECTORS:FACTOR",
    "embargo": "IMPORTER:EXPORTER:SECTORS",
    "cut": "IMPORTER:EXPORTER:SECTORS:SHARE",
    "import-cap": "IMPORTER:EXPORTER:SECTORS:CEILING[:RENT]",
    "export-cap": "EXPORTER:IMPORTER:SECTORS:CEILING[:RENT]",
    "price-cap": "IMPORTER:EXPORTER:SECTORS:LEVEL[:RENT]",
    "agreement": "SIDE:PARTNER[:SECTORS][:SHARE]",
    "productivity": "REGION:SECTORS:FACTOR",
    "labour": "REGION[:SECTORS]:FACTOR",
    "transfer": "PAYER:RECEIVER:AMOUNT",
    "remittance": "FROM:TO:AMOUNT",
    "migration": "FROM:TO:WORKERS:HOME:HOST[:SHARE]",
}

#: What to write for each value word of ``WHATIF_FORMS``.
WHATIF_VALUES: Mapping[str, str] = {
    "RATE": "+25pp (points), =10% (a level) or x1.5 (a factor)",
    "FACTOR": "x1.05 (a factor) or +5% (a relative change)",
    "SHARE": "a share such as 35%",
    "AMOUNT": "US dollars a year such as 5bn or 500mn",
    "CEILING": "a level of the base such as 65%, with /each or /together to say over what",
    "LEVEL": "a level of the base such as 80%",
    "RENT": "who keeps the rent: importer, exporter or nobody",
    "WORKERS": "a number of people such as 70k or 1.2m",
    "HOME": "yearly earnings of a worker at home such as 2400usd",
    "HOST": "yearly earnings of a worker in the host such as 6000usd",
}

_NUMBER = r"(?:\d+(?:\.\d+)?|\.\d+)"
_PATTERNS: Mapping[str, Mapping[str, str]] = {
    "RATE": {
        "set": rf"=([+-]?{_NUMBER} ?%)",
        "add": rf"([+-]{_NUMBER} ?pp)",
        "multiply": rf"x({_NUMBER})",
    },
    "FACTOR": {"change": rf"([+-]{_NUMBER} ?%)", "factor": rf"x({_NUMBER})"},
    "SHARE": {"share": rf"({_NUMBER} ?%)"},
    "AMOUNT": {"bn": rf"({_NUMBER})bn", "mn": rf"({_NUMBER})mn"},
    "CEILING": {
        "plain": rf"({_NUMBER} ?%)",
        "each": rf"({_NUMBER} ?%)/each",
        "together": rf"({_NUMBER} ?%)/together",
    },
    "LEVEL": {"plain": rf"({_NUMBER} ?%)"},
    "RENT": {"rent": "(importer|exporter|nobody)"},
    "WORKERS": {"k": rf"({_NUMBER})k", "m": rf"({_NUMBER})m"},
    "HOME": {"usd": rf"({_NUMBER})usd"},
    "HOST": {"usd": rf"({_NUMBER})usd"},
}

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
        """Fields for who trades what; exceptions to the partner stay by name."""
        partners = self.chosen(partner)
        return {
            actor.lower(): self.regions(actor),
            partner.lower(): partners.names,
            "except_partners": partners.spared,
            **self.sectors(),
        }

    def value(self, word: str) -> tuple[str, str]:
        """Operator and operand of a value part."""
        part = self.parts[word]
        for operator, pattern in _PATTERNS[word].items():
            match = re.fullmatch(pattern, part.text, re.ASCII)
            if match:
                return operator, match[1]
        self.faults.append(
            Fault(part, f"cannot read {part.text!r}: expected {WHATIF_VALUES[word]}")
        )
        return "none", "0"

    def rate(self) -> Fields:
        """The operator field of a rate instrument."""
        operator, operand = self.value("RATE")
        return {operator: float(operand) if operator == "multiply" else operand}

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
        fields: Fields = {"at": level}
        if scope in ("each", "together"):
            fields["together"] = scope == "together"
        if "RENT" in self.parts:
            fields["rent_to"] = self.value("RENT")[1]
        return fields

    def thousand(self) -> float:
        """A number of people in thousand."""
        unit, operand = self.value("WORKERS")
        return float(operand) * (1000.0 if unit == "m" else 1.0)


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
    share = {"coverage": r.value("SHARE")[1]} if "SHARE" in r.parts else {}
    return {"members": [r.regions("SIDE"), r.regions("PARTNER")], **r.sectors(), **share}


#: Kind of what-if to the kind of instrument and the reader of its fields.
_READERS: Mapping[str, tuple[str, Callable[[_Reading], Fields]]] = {
    "tariff": ("tariff", lambda r: r.trade() | r.rate()),
    "export-tax": ("export_tax", lambda r: r.trade("EXPORTER", "IMPORTER") | r.rate()),
    "trade-cost": ("trade_cost", lambda r: r.trade() | {"factor": r.factor()}),
    "embargo": ("embargo", lambda r: r.trade()),
    "cut": ("import_cut", lambda r: r.trade() | {"cut": r.value("SHARE")[1]}),
    "import-cap": ("import_cap", lambda r: r.trade() | r.ceiling("CEILING")),
    "export-cap": ("export_cap", lambda r: r.trade("EXPORTER", "IMPORTER") | r.ceiling("CEILING")),
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
    parts = _assign(kind, text)
    reading = _Reading(labels, parts)
    instrument, read = _READERS[kind]
    fields = read(reading)
    if reading.faults:
        raise WhatIfError(kind, text, reading.faults)
    try:
        return parse_instrument({instrument: fields})
    except InstrumentError as error:
        whole = Part(text, 0)
        raise WhatIfError(kind, text, [Fault(whole, p.message) for p in error.problems]) from None


def _assign(kind: str, text: str) -> dict[str, Part]:
    """Give every part its word; of the optional words the first that fits is left in."""
    parts = split_parts(text)
    words = re.findall(r"(\[?):?(\w+)", WHATIF_FORMS[kind])
    spare = len(words) - len(parts)
    optional = [word for bracket, word in words if bracket]
    if not 0 <= spare <= len(optional):
        raise WhatIfError(kind, text, [Fault(Part(text, 0), _expected(kind, len(parts)))])
    left_out = optional[:spare]
    if len(optional) > spare == 1 and not parts[-1].text.endswith("%"):
        left_out = optional[-1:]
    kept = [word for _, word in words if word not in left_out]
    return dict(zip(kept, parts, strict=True))


def _expected(kind: str, found: int) -> str:
    form = WHATIF_FORMS[kind]
    meanings = "".join(f"; {word} is {how}" for word, how in WHATIF_VALUES.items() if word in form)
    return f"found {found} of the parts in {form}{meanings}"
