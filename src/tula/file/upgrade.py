"""Study files of earlier layouts, brought to today's with their comments."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping
from copy import copy
from io import StringIO
from itertools import accumulate
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import FoldedScalarString

from tula.file.address import inside, resolve
from tula.file.grounds import LEAF, quantity

#: Width of lines, and length of a number with its ground that still stands on one.
WIDTH, SHORT = 200, 76
_REMARK = re.compile(r"\s#\s.*$")
#: Kinds of ties that are no longer read, and a block of an earlier question.
DROPPED, ASKED = ("alignment",), "balance"
#: Who kept the rent of a limit that did not say so.
_RENTS = {
    "import_cap": "importer",
    "export_cap": "exporter",
    "price_cap": "importer",
    "tariff_quota": "importer",
}
#: Numbers of a technology's parts, the first of them assumed unless it says which.
_PARTS = {"specific_factors": "share", "wage_floors": "ratio", "buyers": "theta"}


def upgraded(text: str) -> tuple[str, list[str]]:
    """Return a study file in today's layout, and what its author has to see to.

    Comments and order are kept. A file that is in today's layout comes back as it is.
    """
    yaml = YAML()
    yaml.preserve_quotes, yaml.width = True, WIDTH
    yaml.representer.ignore_aliases = lambda data: True
    yaml.indent(mapping=2, sequence=4, offset=2)
    content = yaml.load(text)
    if not isinstance(content, CommentedMap) or content.get("format") == 2:
        return text, []
    notes = list(_dropped(content))
    for scenario in content.get("scenarios", ()):
        _renamed(scenario, "evidence", "facts")
        _instruments(scenario)
    for chosen in content.get("elasticities", {}).values():
        _elasticities(chosen)
    for tie in content.get("ties", ()):
        for body in tie.values():
            _grounded(body)
    content.insert(0, "format", 2)
    written = StringIO()
    yaml.dump(content, written)
    return _with_remarks(text, written.getvalue()), notes


def _with_remarks(old: str, new: str) -> str:
    """Put back comments and empty lines that stood where something was moved away.

    What stood above a line stands above the same line again, or above the next that is left.
    """
    lines, found = new.splitlines(), []
    start, waiting = 0, list[str]()
    for line in old.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            waiting.append(line)
            continue
        if remark := _REMARK.search(line):
            waiting += [] if remark[0] in new else [remark[0].strip()]
        if waiting and line in lines[start:]:
            place = lines.index(line, start)
            found += [(place, one) for one in _missing(waiting, lines, place)]
            start = place
            waiting = []
    for place, one in reversed(found):
        indent = lines[place][: len(lines[place]) - len(lines[place].lstrip())]
        lines.insert(place, indent + one.strip() if one.strip() else "")
    return "\n".join([*lines, *_missing(waiting, lines, len(lines))]) + "\n"


def _missing(waiting: list[str], lines: list[str], place: int) -> list[str]:
    """Remarks that do not stand anywhere, and an empty line unless there is one above."""
    kept = [one for one in waiting if one.strip() and one not in lines]
    empty = any(not one.strip() for one in waiting) and place > 0 and lines[place - 1].strip()
    return ["", *kept] if empty and not any(one in lines for one in waiting if one) else kept


def _dropped(content: CommentedMap) -> Iterator[str]:
    ties = content.get("ties", CommentedSeq())
    for place in reversed(range(len(ties))):
        if inside(ties[place]) in DROPPED:
            kind = inside(ties[place])
            yield f"ties: {kind!r} is no kind of tie any more and was left out; cite its facts"
            del ties[place]
    if content.pop(ASKED, None) is not None:
        yield (
            f"{ASKED}: is asked in another way and was left out; put the question under 'answer' "
            "(docs/study-files.md), its numbers are in the file as it was"
        )


def _renamed(mapping: CommentedMap, old: str, new: str) -> None:
    if old in mapping:
        place = list(mapping).index(old)
        mapping.insert(place, new, mapping.pop(old))


def _instruments(owner: CommentedMap) -> None:
    for item in owner.get("instruments", ()):
        if "import_cut" in item:
            _renamed(item, "import_cut", "import_cap")
        for kind, body in item.items():
            _assumed(body, _only_number(body))
            if kind in _RENTS and isinstance(body, CommentedMap):
                body.setdefault("rent_to", _RENTS[kind])


def _only_number(body: Mapping[str, Any]) -> str:
    found = [key for key, value in body.items() if quantity(value) is not None]
    return found[0] if len(found) == 1 else ""


def _assumed(body: Any, key: str, *, facts: bool = False) -> None:
    """Put an assumption beside a mapping's number into the number; its facts too, if ``facts``."""
    if not isinstance(body, CommentedMap) or "assumption" not in body:
        return
    assumption = body.pop("assumption")
    low, high = assumption["range"]
    key, reason = assumption.get("number", key), assumption["reason"]
    if key not in body or quantity(low) is None or quantity(high) is None:
        body["reason"] = _folded(f"From {low} to {high}. {reason}")
        return
    cited = body["evidence"] if facts and "evidence" in body else None
    body[key] = _leaf(body[key], (low, high), cited, reason)


def _elasticities(chosen: Any) -> None:
    if not isinstance(chosen, CommentedMap):
        return
    if "assumption" in chosen:
        place = list(chosen).index("assumption")
        assumption = chosen.pop("assumption")
        low, high = assumption["range"]
        for kind, value in chosen.get("cap", {}).items():
            chosen["cap"][kind] = _leaf(value, (low, high))
        if "cap" in chosen:
            chosen["cap"].fa.set_block_style()
        chosen.insert(place, "reason", _folded(assumption["reason"]))
    sectors = chosen.get("sectors", CommentedMap())
    for code, stated in sectors.items():
        if isinstance(stated, CommentedMap) and "theta" in stated:
            sectors[code] = _flattened(stated, "theta")
    _assumed(chosen.get("horizon"), "years", facts=True)
    technology = chosen.get("technology", CommentedMap())
    for name, stated in technology.items():
        if isinstance(stated, CommentedMap) and "value" in stated:
            technology[name] = _flattened(stated, "value")
        for part in stated if name in _PARTS else ():
            _assumed(part, _PARTS[name], facts=True)


def _flattened(stated: CommentedMap, key: str) -> CommentedMap:
    """A number with its assumption as one level."""
    assumption = stated.get("assumption", {})
    ends, reason = assumption.get("range"), assumption.get("reason")
    return _leaf(stated[key], ends, stated.get("evidence"), reason)


def _leaf(value: Any, ends: Any = None, cited: Any = None, reason: Any = None) -> CommentedMap:
    """A number with its range and ground, on one line where it is short enough."""
    leaf = CommentedMap(value=value)
    if ends is not None:
        leaf["low"], leaf["high"] = ends
    if cited is not None:
        leaf["evidence"] = copy(cited)
    if reason is not None:
        leaf["reason"] = reason
    if _length(leaf) <= SHORT:
        leaf.fa.set_flow_style()
    elif reason is not None:
        leaf["reason"] = _folded(reason)
    return leaf


def _length(mapping: Mapping[str, Any]) -> int:
    return sum(len(f"{key}: {value}, ") for key, value in mapping.items())


def _folded(text: str) -> Any:
    """A text over several lines, where it is too long for one."""
    if isinstance(text, FoldedScalarString) or len(text) <= SHORT:
        return text
    folded = FoldedScalarString(text)
    lines = textwrap.wrap(text, SHORT, break_long_words=False, break_on_hyphens=False)
    ends = accumulate(len(line) + 1 for line in lines[:-1])
    folded.fold_pos = [end - 1 for end in ends]
    return folded


def _grounded(block: CommentedMap) -> None:
    """Put facts and reasons, listed by the keys of numbers, to the numbers."""
    facts, reasons = block.pop("evidence", {}), block.pop("assumptions", {})
    for key in sorted({*facts, *reasons}, key=len):
        path = resolve(block, key)
        if path is not None:
            _put(block, path, facts.get(key), reasons.get(key))


def _put(block: Any, path: tuple[str | int, ...], facts: Any, reason: Any) -> None:
    above = block
    for step in path[:-1]:
        above = above[step]
    value = above[path[-1]]
    if isinstance(value, CommentedSeq):
        for place in range(len(value)):
            if _numbered(value[place]):
                _put(value, (place,), facts, reason)
        return
    if not isinstance(value, CommentedMap) or ("value" in value and LEAF.issuperset(value)):
        stated = value if isinstance(value, CommentedMap) else {"value": value}
        ends = (stated["low"], stated["high"]) if "low" in stated else None
        above[path[-1]] = _leaf(stated["value"], ends, facts, reason)
        return
    for name, ground in (("evidence", facts), ("reason", reason)):
        value.pop(name, None)
        if ground is not None:
            value[name] = copy(ground) if name == "evidence" else _folded(ground)
    if _length(value) > SHORT:
        value.fa.set_block_style()


def _numbered(value: Any) -> bool:
    """Whether there is a number in a value."""
    if isinstance(value, dict):
        return any(map(_numbered, value.values()))
    if isinstance(value, list):
        return any(map(_numbered, value))
    return isinstance(value, int | float) and not isinstance(value, bool)
