import re
from pathlib import Path

import pytest

import factories
from tula.study.load import check_study, load_study
from tula.study.technology_block import TechnologyBlock
from tula.world import codes
from tula.world.store import save_world

PAGE = Path(__file__).resolve().parents[2] / "docs" / "study-files.md"


def block(first: str) -> str:
    """The one example of the page that starts with a word."""
    blocks = re.findall(r"```yaml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    (found,) = [str(one) for one in blocks if one.startswith(first)]
    return found


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example of the page, on a drawn economy with the codes of the embedded world."""
    evidence, study = block("facts:"), block("format:")
    folder = tmp_path_factory.mktemp("example")
    labels = codes.labels()
    drawn = factories.make_economy(33, 25, regions=labels.regions, sectors=labels.sectors)
    save_world(drawn, folder / "drawn.nc")
    (folder / "evidence.yaml").write_text(evidence, encoding="utf-8")
    path = folder / "study.yaml"
    path.write_text(study.replace("world: icio-2024", "world: drawn.nc"), encoding="utf-8")
    return path


def test_the_example_in_the_documentation_is_sound(example: Path) -> None:
    assert [str(problem) for problem in check_study(example)] == []


def test_the_shortest_study_is_sound(tmp_path: Path) -> None:
    path = tmp_path / "study.yaml"
    path.write_text(block("id:"), encoding="utf-8")
    assert [str(problem) for problem in check_study(path)] == []


def test_the_example_of_a_technology_is_sound(example: Path) -> None:
    sets = block("elasticities:")
    study = example.read_text("utf-8").replace("elasticities:\n", sets, 1)
    path = example.with_name("with_technology.yaml")
    path.write_text(study, encoding="utf-8")
    assert [str(problem) for problem in check_study(path)] == []


def test_the_example_of_an_answer_is_sound(example: Path) -> None:
    study = example.read_text("utf-8").replace("weigh:", block("  - id: LESS") + "\nweigh:", 1)
    path = example.with_name("with_answer.yaml")
    path.write_text(study + block("beliefs:") + block("answer:"), encoding="utf-8")
    assert [str(problem) for problem in check_study(path)] == []
    assert load_study(str(path)).file.answer is not None


@pytest.mark.parametrize("key", TechnologyBlock.model_fields)
def test_every_key_of_a_technology_is_explained(key: str) -> None:
    assert f"`{key}`" in PAGE.read_text("utf-8") or f"{key}:" in block("elasticities:")
