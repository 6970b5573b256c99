"""Examples beneath the help of a command."""

from __future__ import annotations


def examples(*lines: str) -> str:
    """Return the examples as a paragraph that help pages do not break anew."""
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)])
