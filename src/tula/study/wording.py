"""Numbers and names in running text."""

from __future__ import annotations

from collections.abc import Sequence

#: A change in real income (%) that rounds to 0.00 is told as no change.
NEGLIGIBLE = 0.005
_WITH_ARTICLE = ("United ", "Rest of ")


def named(name: str) -> str:
    """A country's name in a sentence, with its article where English wants one."""
    if name.startswith("Rest of "):
        return f"the {name[0].lower()}{name[1:]}"
    return f"the {name}" if name.startswith(_WITH_ARTICLE) else name


def possessive(name: str) -> str:
    """A name in the genitive: India's, the United States'."""
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def joined(parts: Sequence[str]) -> str:
    """Parts of a sentence with commas and a final 'and'."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def capital(sentence: str) -> str:
    """A sentence with a capital at its head."""
    return sentence[:1].upper() + sentence[1:]


def gain_or_loss(name: str, change: float, money: float) -> str:
    """What a region gains or loses: ``change`` in % of real income, ``money`` in million USD."""
    s = "" if " and " in name else "s"
    if abs(change) < NEGLIGIBLE:
        return f"{name} neither gain{s} nor lose{s} as much as 0.01%"
    verb = ("gain" if change > 0 else "lose") + s
    return f"{name} {verb} {percent(abs(change))} of real income ({billions(abs(money))} a year)"


def percent(value: float) -> str:
    """A percentage with two digits that matter: 0.23%, 4.1%, 38%."""
    size = abs(value)
    digits = 2 if size < 0.995 else 1 if size < 9.95 else 0
    return _minus(f"{value:.{digits}f}%")


def changes(value: float) -> str:
    """A signed percentage; zero carries no sign."""
    text = percent(value)
    return f"+{text}" if value > 0 and text.strip("0.%") else text


def signed(value: float, digits: int = 2) -> str:
    """A number for a column: +0.08, −6.42, and 0.00 without a sign."""
    text = f"{value:+,.{digits}f}"
    return _minus(text) if text.strip("+-0.,") else text[1:]


def billions(value: float) -> str:
    """Million USD told in billions: 4.1 bn USD; small amounts in millions."""
    if abs(value) < 50.0:
        return f"{_minus(format(value, '.0f'))} million USD"
    digits = 1 if abs(value) < 100_000.0 else 0
    return f"{_minus(format(value / 1000.0, f',.{digits}f'))} bn USD"


def figure(value: float) -> str:
    """Million USD as a number of billions: 4.1, −0.30, 0.00; whole from 100 upwards."""
    size = abs(value) / 1000.0
    digits = 2 if size < 0.995 else 1 if size < 99.95 else 0
    return _minus(f"{value / 1000.0:,.{digits}f}")


def bounds(low: float, high: float) -> str:
    """A range in words: between −0.31% and −0.12%, or at −0.01%."""
    ends = changes(low), changes(high)
    return f"at {ends[0]}" if ends[0] == ends[1] else f"between {ends[0]} and {ends[1]}"


def signs(changes_found: Sequence[float]) -> str:
    """How often the sign turns, as the tail of a sentence; empty where it does not."""
    gains = sum(change >= NEGLIGIBLE for change in changes_found)
    losses = sum(change <= -NEGLIGIBLE for change in changes_found)
    if not gains or not losses:
        return ""
    level = len(changes_found) - gains - losses
    neither = f", neither in {level}" if level else ""
    return f": a gain in {gains}, a loss in {losses}{neither}"


def _minus(text: str) -> str:
    """A real minus sign; none before a zero."""
    return text.replace("-", "−" if text.strip("-0.%") else "")
