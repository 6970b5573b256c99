"""docs/backtest.md against the program."""

import re
from pathlib import Path

from tula.evidence import parse_document, validate
from tula.study.backtest.conditions import CHECKS
from tula.study.backtest.methods import METHODS
from tula.study.backtest.models import MODELS
from tula.study.backtest.schema import BacktestFile

PAGE = Path(__file__).resolve().parents[2] / "docs" / "backtest.md"
TEXT = PAGE.read_text(encoding="utf-8")


def rows() -> dict[str, list[str]]:
    """Cells of every table row by the code that opens it."""
    found = re.findall(r"^\| `(\w+)` \|(.*)\|$", TEXT, re.M)
    return {name: [cell.strip() for cell in rest.split(" | ")] for name, rest in found}


def names(cell: str) -> set[str]:
    return set(re.findall(r"`(\w+)`", cell))


def test_the_example_of_the_page_holds_what_a_backtest_holds() -> None:
    example = re.search(r"```yaml\n(.*?)```", TEXT, re.S)
    assert example is not None
    document = parse_document(example[1], "backtest.md")
    file, problems = validate(BacktestFile, document)
    assert (problems, document.problems) == ([], ())
    assert file is not None
    assert {block.method for block in file.forecasts} <= set(METHODS)
    assert {block.kind for block in file.models} <= set(MODELS)


def test_the_page_lists_every_method_with_its_kind_and_inputs() -> None:
    told = rows()
    for name, method in METHODS.items():
        assert told[name][0] == method.kind, name
        assert names(told[name][1]) == set(method.inputs.model_fields), name


def test_the_page_lists_every_model_and_check_with_its_inputs() -> None:
    told = rows()
    for name, inputs in {**MODELS, **CHECKS}.items():
        assert names(told[name][0]) == set(inputs.inputs.model_fields), name
