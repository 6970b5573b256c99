"""Every command of the page on a first study, in its order."""

import re
import shlex
from pathlib import Path

import pytest

from command_line import plain, tula
from tula.file.undecided import TEMPLATE

PAGE = Path(__file__).resolve().parents[1] / "docs" / "first-study.md"


def blocks(kind: str) -> list[str]:
    """Blocks of the page of a kind; of commands where it is empty."""
    found = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    return [text for name, text in found if name == kind]


@pytest.mark.long
def test_every_command_of_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("article.txt").write_text(blocks("text")[0], "utf-8")
    said = {}
    for line in "".join(blocks("")).splitlines():
        if line.startswith("tula run") and "before" in line:
            study = Path("brazil/study.yaml")
            study.write_text(study.read_text("utf-8").replace(TEMPLATE, "Decided:"), "utf-8")
        result = tula(*shlex.split(line)[1:])
        assert result.exit_code == 0, plain(result)
        said[line] = plain(result)
    first, before, compared = (
        next(text for line, text in said.items() if word in line)
        for word in ("--out first", "--out before", "tula compare")
    )
    assert "No label and no odds" in first
    assert re.search(r"\d+ in 100", before)
    assert "beliefs.usa-chance: 0.1 (0 to 0.4) -> 0.3" in compared


def test_the_open_number_on_the_page_is_one_that_a_new_study_has(tmp_path: Path) -> None:
    asked = ("--pivot", "BRA", "--rivals", "USA,CHN", "--on", "2025-12-12", "--out", tmp_path)
    assert tula("new", "brazil", *asked).exit_code == 0
    assert blocks("yaml")[0] in (tmp_path / "brazil" / "study.yaml").read_text("utf-8")
