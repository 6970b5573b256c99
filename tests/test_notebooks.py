"""Every notebook of the site runs, and the figures in its words are those it asserts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).resolve().parents[1] / "docs" / "notebooks").glob("*.md"))
#: A cell of code, less its options, or an expression in the prose.
CODE = re.compile(
    r"^```\{code-cell\}\n(?:---\n.*?^---\n|(?::[^\n]*\n)*)(.*?)^```$|\{eval\}`([^`]+)`", re.S | re.M
)


def cells(notebook: Path) -> list[str]:
    found = CODE.findall(notebook.read_text("utf-8"))
    return [code or f"told = {said}" for code, said in found]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_has_a_picture_and_asserts_what_its_words_say(notebook: Path) -> None:
    text = notebook.read_text("utf-8")
    assert "image: {alt:" in text and "{eval}`" in text
    last = cells(notebook)[-1]
    assert re.search(r"^assert ", last, re.M) and text.rstrip().endswith("```")
    assert "remove-cell" not in text, "a removed cell is not run while the site is built"


@pytest.mark.slow
@pytest.mark.gradients
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(notebook: Path, tmp_path: Path) -> None:
    nbformat, nbclient = (pytest.importorskip(name) for name in ("nbformat.v4", "nbclient"))
    book = nbformat.new_notebook(cells=[nbformat.new_code_cell(code) for code in cells(notebook)])
    place = {"metadata": {"path": str(tmp_path)}}
    nbclient.NotebookClient(book, timeout=120, kernel_name="python3", resources=place).execute()
    shown = [output for cell in book.cells for output in cell.outputs]
    assert any("image/svg+xml" in output.get("data", ()) for output in shown)
