"""Sentences in templates: what is said stands in the ``.j2`` files of this folder."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import jinja2

from tula.numbers import write
from tula.say import words

#: White space of a template; that inside numbers is none.
_WHITE = re.compile(r"[ \n]+")
#: How templates write numbers and names, here and on the page.
FILTERS: dict[str, Callable[..., str]] = {
    "chance": write.chance,
    "day": words.day,
    "figure": write.figure,
    "level": write.level,
    "limit": write.limit,
    "money": write.money,
    "percent": write.percent,
    "scientific": write.scientific,
    "head": words.capital,
    "joined": words.joined,
    "named": words.named,
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
    for said in (words.bounds, words.signs, words.gain_or_loss):
        found.globals[said.__name__] = said
    return found


def told(template: str, **given: Any) -> str:
    """Return a template's text, without the white space around it."""
    return environment().get_template(f"{template}.j2").render(given).strip()


def paragraphs(template: str, **given: Any) -> list[str]:
    """Return a template's paragraphs, parted by blank lines, each on one line."""
    parts = (_WHITE.sub(" ", part).strip() for part in told(template, **given).split("\n\n"))
    return [part for part in parts if part]
