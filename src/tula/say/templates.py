"""Sentences in templates: what is said stands in the ``.j2`` files of this folder."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import jinja2

from tula.numbers import write
from tula.say import words

#: How templates write numbers and names, here and on the page.
FILTERS: dict[str, Callable[..., str]] = {
    "chance": write.chance,
    "figure": write.figure,
    "level": write.level,
    "limit": write.limit,
    "money": write.money,
    "percent": write.percent,
    "scientific": write.scientific,
    "head": words.capital,
    "joined": words.joined,
    "possessive": words.possessive,
}


@cache
def environment() -> jinja2.Environment:
    """The templates of plain text."""
    found = jinja2.Environment(
        loader=jinja2.PackageLoader("tula.say", ""),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters |= FILTERS
    return found


def told(template: str, **given: Any) -> str:
    """Return a template's text, without the white space around it."""
    return environment().get_template(f"{template}.j2").render(given).strip()
