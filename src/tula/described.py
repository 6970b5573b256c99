"""What records say of their fields: the docstring below each, read from the source when asked for.

pydantic would read them all as the classes are made, which was a fifth of the time to load Tula.
"""

from __future__ import annotations

import ast
import inspect
import sys
from functools import cache
from itertools import pairwise
from typing import Any


class Described:
    """A base for records whose schema tells the docstrings of their fields."""

    @classmethod
    def __get_pydantic_json_schema__(cls: Any, schema: Any, handler: Any, /) -> Any:
        told, said = handler(schema), descriptions(cls)
        properties = handler.resolve_ref_schema(told).get("properties", {})
        for name, field in cls.model_fields.items():
            if name in said:
                properties[field.serialization_alias or name]["description"] = said[name]
        return told


@cache
def descriptions(kind: type) -> dict[str, str]:
    """Return the docstring of every field that has one, those of its bases among them."""
    found: dict[str, str] = {}
    for one in reversed(kind.__mro__):
        for field, said in pairwise(_bodies(one.__module__).get(one.__name__, ())):
            match field, said:
                case ast.AnnAssign(target=ast.Name(name)), ast.Expr(ast.Constant(str(text))):
                    found[name] = inspect.cleandoc(text)
    return found


@cache
def _bodies(module: str) -> dict[str, list[ast.stmt]]:
    """Class of a module -> the statements of its body; of one without a source, none."""
    try:
        source = inspect.getsource(sys.modules[module])
    except (OSError, TypeError):
        return {}
    return {one.name: one.body for one in ast.parse(source).body if isinstance(one, ast.ClassDef)}
