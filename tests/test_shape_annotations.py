"""One bare axis name switches the run-time check of its whole function off, without a word."""

from __future__ import annotations

import ast
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1] / "src" / "tula"
DTYPES = {"Float", "Float32", "Float64", "Int", "Bool", "Num", "Real", "Shaped", "Complex"}


def _bare_axes(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        f"{path.relative_to(SOURCE)}:{node.lineno}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript)
        and isinstance(node.value, ast.Name)
        and node.value.id in DTYPES
        and isinstance(node.slice, ast.Tuple)
        and isinstance(node.slice.elts[-1], ast.Name)
    ]


def test_a_single_axis_is_quoted_with_a_leading_blank() -> None:
    found = [place for path in sorted(SOURCE.rglob("*.py")) for place in _bare_axes(path)]
    assert not found, f'write Float[Array, " N"], not Float[Array, N], in {", ".join(found)}'
