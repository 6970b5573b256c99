"""Numbers and names in running text."""

from __future__ import annotations

from collections.abc import Sequence

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


def percent(value: float) -> str:
    """A percentage with two digits that matter: 0.23%, 4.1%, 38%."""
    size = abs(value)
    digits = 2 if size < 1.0 else 1 if size < 10.0 else 0
    return f"{value:.{digits}f}%".replace("-", "−")


def changes(value: float) -> str:
    """A signed percentage; zero carries no sign."""
    return f"+{percent(value)}" if value > 0 else percent(value)


def billions(value: float) -> str:
    """Million USD told in billions: 4.1 bn USD; small amounts in millions."""
    if abs(value) < 50.0:
        return f"{value:.0f} million USD".replace("-", "−")
    digits = 1 if abs(value) < 100_000.0 else 0
    return f"{value / 1000.0:,.{digits}f} bn USD".replace("-", "−")


def bounds(low: float, high: float) -> str:
    """A range in words: between −0.31% and −0.12%."""
    return f"between {changes(low)} and {changes(high)}"
