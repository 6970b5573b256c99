"""The forms of what-ifs: their parts, what may stand in each, and which part has which meaning."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import combinations

from tula.policy.terms import Fault, Part, WhatIfError, split_parts

#: Kind of what-if, as the command line names it, to its parts; square brackets are optional.
WHATIF_FORMS: Mapping[str, str] = {
    "tariff": "IMPORTER:EXPORTER:SECTORS:RATE[:SHARE][:OVERRIDE]",
    "retaliation": "IMPORTER:EXPORTER[:SECTORS]:ANSWER",
    "export-tax": "EXPORTER:IMPORTER:SECTORS:RATE[:SHARE][:OVERRIDE]",
    "trade-cost": "IMPORTER:EXPORTER:SECTORS:FACTOR",
    "embargo": "IMPORTER:EXPORTER:SECTORS[:SHARE]",
    "cut": "IMPORTER:EXPORTER:SECTORS:SHARE",
    "import-cap": "IMPORTER:EXPORTER:SECTORS:CEILING[:RENT]",
    "export-cap": "EXPORTER:IMPORTER:SECTORS:CEILING[:RENT]",
    "tariff-quota": "IMPORTER:EXPORTER:SECTORS:INSIDE:BEYOND:CEILING[:RENT]",
    "price-cap": "IMPORTER:EXPORTER:SECTORS:LEVEL[:RENT]",
    "agreement": "SIDE:PARTNER[:SECTORS][:SHARE][:OVERRIDE]",
    "productivity": "REGION:SECTORS:FACTOR",
    "labour": "REGION[:SECTORS]:FACTOR",
    "transfer": "PAYER:RECEIVER:AMOUNT",
    "remittance": "FROM:TO:AMOUNT",
    "migration": "FROM:TO:WORKERS:HOME:HOST[:SHARE]",
}

#: What to write for each value word of ``WHATIF_FORMS``.
WHATIF_VALUES: Mapping[str, str] = {
    "RATE": "+25pp (points), =10% (a level), x1.5 (a factor), '>=15%' (at least) or '<=10%' (at "
    "most; a shell wants these two quoted, or written min15% and max10%); for a level or points "
    "also money per unit and what a unit is worth, =0.52usd/kg@2.6usd/kg",
    "ANSWER": "kind (as many points on the same sectors) or 50%kind; +25pp (points); "
    "+25pp@80%trade (on goods worth that part of the trade hit); 100%duty (a rate worth that part "
    "of the duty answered)",
    "FACTOR": "x1.05 (a factor) or +5% (a relative change)",
    "SHARE": "a share such as 35%",
    "AMOUNT": "US dollars a year such as 5bn or 500mn",
    "CEILING": "a level of the base such as 65%, with /each or /together to say over what",
    "INSIDE": "the duty up to the quantity such as 5%",
    "BEYOND": "the duty on more such as 25%",
    "LEVEL": "a level of the base such as 80%, or a price and the base price, 60usd/bbl@68usd/bbl",
    "OVERRIDE": "the word override: in place of all other measures",
    "RENT": "who keeps the rent: importer, exporter or nobody",
    "WORKERS": "a number of people such as 70k or 1.2m",
    "HOME": "yearly earnings of a worker at home such as 2400usd",
    "HOST": "yearly earnings of a worker in the host such as 6000usd",
}

_NUMBER = r"(?:\d+(?:\.\d+)?|\.\d+)"
_UNIT = r"[A-Za-z]+(?:/[A-Za-z]+)?"
_PART = rf"{_NUMBER} ?{_UNIT}@{_NUMBER} ?{_UNIT}"
_LEVEL = rf"([+-]?{_NUMBER} ?%|{_PART})"
#: Word of a part to its operators, each with a pattern whose first group is the operand.
_PATTERNS: Mapping[str, Mapping[str, str]] = {
    "RATE": {
        "set": f"={_LEVEL}",
        "add": rf"([+-]{_NUMBER} ?pp|[+-]{_PART})",
        "multiply": rf"x({_NUMBER})",
        "at_least": f"(?:>=|min){_LEVEL}",
        "at_most": f"(?:<=|max){_LEVEL}",
    },
    "ANSWER": {
        "in_kind": rf"((?:{_NUMBER} ?%)?)kind",
        "add": rf"(\+{_NUMBER} ?pp)",
        "trade": rf"(\+{_NUMBER} ?pp@{_NUMBER} ?%)trade",
        "duty": rf"({_NUMBER} ?%)duty",
    },
    "FACTOR": {"change": rf"([+-]{_NUMBER} ?%)", "factor": rf"x({_NUMBER})"},
    "SHARE": {"share": rf"({_NUMBER} ?%)"},
    "AMOUNT": {"bn": rf"({_NUMBER})bn", "mn": rf"({_NUMBER})mn"},
    "CEILING": {
        "plain": rf"({_NUMBER} ?%)",
        "each": rf"({_NUMBER} ?%)/each",
        "together": rf"({_NUMBER} ?%)/together",
    },
    "INSIDE": {"plain": rf"=?({_NUMBER} ?%)"},
    "BEYOND": {"plain": rf"=?({_NUMBER} ?%)"},
    "LEVEL": {"plain": rf"({_NUMBER} ?%|{_PART})"},
    "OVERRIDE": {"override": "(override)"},
    "RENT": {"rent": "(importer|exporter|nobody)"},
    "WORKERS": {"k": rf"({_NUMBER})k", "m": rf"({_NUMBER})m"},
    "HOME": {"usd": rf"({_NUMBER})usd"},
    "HOST": {"usd": rf"({_NUMBER})usd"},
}


def assign(kind: str, text: str) -> tuple[dict[str, Part], list[Fault]]:
    """Give every part its word; of the optional words those are left out that fit least.

    Raises ``WhatIfError`` for too few or too many parts; a part that fits no optional word that
    could stand there is a fault.
    """
    parts = split_parts(text)
    words = re.findall(r"(\[?):?(\w+)", WHATIF_FORMS[kind])
    optional = [word for bracket, word in words if bracket]
    spare = len(words) - len(parts)
    if not 0 <= spare <= len(optional):
        raise WhatIfError(kind, text, [Fault(Part(text, 0), _expected(kind, len(parts)))])
    ways = [
        dict(zip([word for _, word in words if word not in left_out], parts, strict=True))
        for left_out in combinations(optional, spare)
    ]
    chosen = min(ways, key=lambda way: len(_misfits(way, optional)))
    misfits = _misfits(chosen, optional) if spare else []
    faults = [unreadable(chosen[word], optional) for word in misfits]
    return {word: part for word, part in chosen.items() if word not in misfits}, faults


def _misfits(way: Mapping[str, Part], optional: list[str]) -> list[str]:
    """Optional words whose part does not read as what it should; names read as nothing else."""
    valued = [word for word in optional if word in _PATTERNS]
    misfits = []
    for word in filter(way.__contains__, optional):
        found = [other for other in valued if read_value(other, way[word])]
        if word not in found if word in valued else found:
            misfits.append(word)
    return misfits


def read_value(word: str, part: Part) -> tuple[str, str] | None:
    """Operator and operand of a value part; None where it cannot be read."""
    for operator, pattern in _PATTERNS[word].items():
        match = re.fullmatch(pattern, part.text, re.ASCII)
        if match:
            return operator, match[1]
    return None


def unreadable(part: Part, words: list[str]) -> Fault:
    """The fault of a part that is none of some words, of which each may be left out."""
    meant = ", ".join(WHATIF_VALUES.get(word, "codes or groups of sectors") for word in words)
    order = " (in this order, each may be left out)" if len(words) > 1 else ""
    return Fault(part, f"cannot read {part.text!r}: expected{order} {meant}")


def _expected(kind: str, found: int) -> str:
    form = WHATIF_FORMS[kind]
    meanings = "".join(f"; {word} is {how}" for word, how in WHATIF_VALUES.items() if word in form)
    return f"found {found} of the parts in {form}{meanings}"
