"""The house rules that a machine can check."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from importlinter.cli import lint_imports
from ruamel.yaml import YAML

import tula

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "tula"
MODULES = sorted(SOURCE.rglob("*.py"))
LONGEST_FILE, LONGEST_FUNCTION, LONGEST_RECIPE = 400, 30, 60
TEXT = {".py", ".md", ".yaml", ".yml", ".toml", ".cff", ".txt", ".html", ".js", ".css", ".csv", ""}
PRIVATE = re.compile(
    r"/(?:work|root|home|tmp)/(?!\.\.\.)\w"
    r"|\bA[I]\b|\bLL[M]s?\b|\bcha[t]bots?\b|\bpromp[t]s?\b|\bhelpe[r]s?\b|\bassistan[t]s?\b"
    r"|\bTO[D]O\b|\bFIX[M]E\b|[Cc]o-[Aa]uthored-[Bb]y|[Gg]enerated (?:by|with) \[",
)


def _tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    files = (ROOT / name for name in listed.stdout.split("\0") if name)
    return [path for path in files if path.is_file() and path.suffix in TEXT]


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _public(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    for node in tree.body:
        named = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
        if named and "overload" not in map(ast.unparse, node.decorator_list):
            yield node
            if isinstance(node, ast.ClassDef):
                members = (part for part in node.body if isinstance(part, ast.FunctionDef))
                yield from (part for part in members if not part.name.startswith("_"))


def _code_lines(function: ast.FunctionDef, lines: list[str]) -> int:
    """Lines of the body that hold code: no docstring, comments or blank lines."""
    first = function.body[1:] if ast.get_docstring(function) else function.body
    if not first:
        return 0
    body = lines[first[0].lineno - 1 : function.end_lineno]
    return sum(bool(line.strip()) and not line.strip().startswith("#") for line in body)


def test_a_room_imports_only_rooms_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


@pytest.mark.parametrize("folder", ["src", "tests", "benchmarks", "tools"])
def test_no_file_is_longer_than_four_hundred_lines(folder: str) -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in (ROOT / folder).rglob("*.py")
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def _linear(function: ast.FunctionDef) -> bool:
    """Whether the function is a recipe: no loop or condition stands in another."""
    block = ast.For | ast.While | ast.If | ast.Try | ast.With
    return not any(
        isinstance(inner, block)
        for outer in ast.walk(function)
        if isinstance(outer, block)
        for part in [*outer.body, *getattr(outer, "orelse", [])]
        for inner in ast.walk(part)
    )


def test_no_function_holds_more_than_thirty_lines_of_code_or_sixty_of_a_recipe() -> None:
    long = {}
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.FunctionDef):
                length = _code_lines(node, text.splitlines())
                most = LONGEST_RECIPE if _linear(node) else LONGEST_FUNCTION
                if length > most:
                    long[f"{path.relative_to(ROOT)}:{node.name}"] = length
    assert long == {}


def _words(path: Path) -> Iterator[str]:
    """Names and texts of a module, its docstrings apart; every line of another file."""
    if path.suffix != ".py":
        yield from path.read_text(encoding="utf-8").splitlines()
        return
    nodes = list(ast.walk(_tree(path)))
    told = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    for node in nodes:
        for key in ("id", "attr", "name", "arg", "asname"):
            yield str(getattr(node, key, "")).replace("_", " ")
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.value


def test_no_general_room_speaks_of_one_commodity() -> None:
    """A tie, a study's own titles and the template of one, and what reads news know it."""
    word = re.compile(
        r"(?<![A-Za-z])(oil|[Cc]rude|[Bb]arrels?|[Rr]efiner\w*|[Tt]ankers?)(?![A-Za-z])"
    )
    rooms = "numbers uncertainty equilibrium policy metrics market file live strategy say study "
    template = {SOURCE / "study" / "start", SOURCE / "explore" / "script" / "study.js"}
    found = {
        f"{path.relative_to(SOURCE)}: {text:.60}"
        for room in (rooms + "report explore notebook").split()
        for path in (SOURCE / room).rglob("*")
        if path.suffix in {".py", ".j2", ".js", ".css"}
        and template.isdisjoint([path, *path.parents])
        for text in _words(path)
        if word.search(text)
    }
    assert found == set()


def test_only_the_command_line_prints() -> None:
    calls = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in MODULES
        if SOURCE / "cli" not in path.parents
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print"
    ]
    assert calls == []


def test_no_exception_is_swallowed_unnamed() -> None:
    bare = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.ExceptHandler) and node.type is None
    ]
    assert bare == []


def test_every_public_name_has_a_docstring() -> None:
    silent = [
        f"{path.relative_to(ROOT)}:{node.name}"
        for path in MODULES
        for node in _public(_tree(path))
        if ast.get_docstring(node) is None
    ]
    assert silent == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in MODULES
        if path.name != "_version.py" and ast.get_docstring(_tree(path)) is None
    ]
    assert silent == []


def test_the_repository_speaks_only_of_itself() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {match.group()}"
        for path in _tracked()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (match := PRIVATE.search(line))
    ]
    assert found == []


def test_the_version_is_the_same_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = YAML(typ="safe").load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    changes = re.findall(r"^## \[(\d[^\]]*)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    assert {project["version"], str(citation["version"]), changes[0]} == {tula.__version__}


def _links(page: Path) -> list[str]:
    return re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "page",
    sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]),
    ids=lambda page: str(page.relative_to(ROOT)),
)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    inside = [link for link in _links(page) if not re.match(r"[a-z]+:", link)]
    broken = [link for link in inside if not _resolves(page, link)]
    assert broken == []


def _resolves(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = page if not path else (page.parent / path)
    if not target.exists():
        return False
    return not anchor or anchor in _anchors(target)


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+\s+(.+)$", page.read_text(encoding="utf-8"), re.M)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.strip().replace(" ", "-") for heading in plain}
