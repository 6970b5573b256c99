"""The page's form begins the same study as ``tula new``, to the byte."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2
import pytest

import factories
from command_line import plain, tula
from live_settings import node
from tula.explore.page import render
from tula.explore.study import TITLES, study_script
from tula.explore.template import UntranslatedError, javascript
from tula.policy.duties import DutiesOfDay
from tula.study.start.begin import REACH
from tula.world.economy import Economy
from tula.world.store import load_world, save_world

DAY = date(2025, 12, 12)
CHOICES: list[dict[str, Any]] = [
    {"name": "brazil", "pivot": "BRA", "rivals": ["USA", "CHN"]},
    {"name": "kazakh", "pivot": "KAZ", "rivals": ["RUS", "CHN"]},
    {"name": "belarus-2", "pivot": "BLR", "rivals": ["RUS", "REU"]},
    {
        "name": "india",
        "pivot": "IND",
        "rivals": ["USA", "RUS"],
        "decided": {
            "usa-duty": {
                "value": "18 pp",
                "low": "10 pp",
                "high": "30 pp",
                "reason": 'It\'s 18: "law".',
            },
            "usa-now": {"value": "1", "low": "", "high": "", "reason": "It stands — since August."},
            "rus-chance": {"value": "0.2", "low": "0.1", "high": "0.5", "reason": ""},
        },
    },
]


def on_page(page: str, choices: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the page writes for each choice, run without a browser."""
    data, world = (
        re.search(rf'id="{name}">(.*?)</script>', page, re.DOTALL)[1]  # type: ignore[index]
        for name in ("page-data", "world-data")
    )
    files, study = study_script(), (resources.files("tula.explore") / "script/study.js").read_text()
    assert files in page
    assert study in page
    start = f"const PAGE = {data}, WORLD = {world};\n"
    start += (
        "const [REGIONS, SECTORS] = [WORLD.regions, WORLD.sectors].map((l) => l.map(([c]) => c));"
    )
    done = subprocess.run(
        [node(), str(Path(__file__).parent / "study.cjs")],
        input=json.dumps({"script": "\n".join((start, files, study)), "choices": choices}),
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def from_command(command: str, folder: Path) -> dict[str, str]:
    """The files that a command writes."""
    words = shlex.split(command)
    done = tula(*words[1:], "--out", folder)
    assert done.exit_code == 0, plain(done)
    return {path.name: path.read_text("utf-8") for path in (folder / words[2]).iterdir()}


@pytest.fixture(scope="module")
def world() -> Economy:
    return load_world("icio-2024")


def test_the_page_writes_the_files_of_the_command_it_shows(world: Economy, tmp_path: Path) -> None:
    page = render(world, world="icio-2024", duties=DutiesOfDay(DAY))
    for found in on_page(page, CHOICES):
        assert found["files"] == from_command(found["command"], tmp_path)


def test_without_a_day_the_page_takes_the_last_of_the_table(world: Economy, tmp_path: Path) -> None:
    (found,) = on_page(render(world, world="icio-2024"), CHOICES[:1])
    assert found["files"] == from_command(found["command"], tmp_path)


def test_a_world_that_no_table_of_duties_knows_begins_the_same_study(tmp_path: Path) -> None:
    path = save_world(factories.toy_economy(), tmp_path / "toy.nc")
    page = render(load_world(path), world=str(path))
    (found,) = on_page(page, [{"name": "toy", "pivot": "IND", "rivals": ["USA", "RUS"]}])
    assert "duties: base" in found["files"]["study.yaml"]
    assert found["files"] == from_command(found["command"], tmp_path)


def test_every_number_of_the_template_has_a_place_in_the_form() -> None:
    assert {*TITLES} == {*REACH}


def test_a_template_that_javascript_cannot_say_is_refused() -> None:
    loader = jinja2.DictLoader({"odd": "{% for a in b %}{{ a ** 2 }}{% endfor %}"})
    with pytest.raises(UntranslatedError, match="line 1: Pow"):
        javascript(jinja2.Environment(loader=loader), "odd")
