from pathlib import Path
from types import SimpleNamespace as Namespace

import pytest

from tula.numbers import write
from tula.say import templates


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of templates in the place of the package's own."""
    (tmp_path / "one.j2").write_text(
        "{# A note. #}\nIt costs {{ cost | money }},\nand {{ share | percent }}.\n\n\n\nSecond.\n",
        "utf-8",
    )
    (tmp_path / "two.j2").write_text("{{ name }} pays.", "utf-8")
    found = templates.environment.__wrapped__()
    found.loader = templates.jinja2.FileSystemLoader(tmp_path)
    monkeypatch.setattr(templates, "environment", lambda: found)
    return tmp_path


@pytest.mark.usefixtures("room")
def test_a_template_s_lines_are_joined_and_its_paragraphs_parted() -> None:
    told = templates.paragraphs("one", cost=1234567.0, share=0.234)
    assert told == [f"It costs 1{write.THIN}235 bn USD, and 0.23%.", "Second."]


@pytest.mark.usefixtures("room")
def test_a_name_that_is_not_given_is_an_error_and_no_gap() -> None:
    with pytest.raises(templates.jinja2.UndefinedError, match="name"):
        templates.told("two")


def test_every_template_can_be_read() -> None:
    listed = templates.environment().list_templates(extensions=["j2"])
    assert {"state.j2", "scenario.j2", "ties.j2", "weighing.j2", "trace.j2"} <= set(listed)
    for name in listed:
        templates.environment().get_template(name)


def test_a_region_that_no_belief_bends_is_not_given_a_chance_above_one() -> None:
    rivals = [Namespace(id="A", title="Aland"), Namespace(id="B", title="Bland")]

    def told(needed: float) -> str:
        least = Namespace(**vars(rivals[0]), needed=Namespace(value=needed))
        one = Namespace(title="Home", yields_to="A", least=least, holds=rivals)
        return " ".join(templates.paragraphs("ranking", r=Namespace(known=[one], regions=[one])))

    assert "it drops Bland only if it believes in a break-off by Aland with more than 99%" in told(
        0.99
    )
    assert "a break-off by Aland with over 99%." in told(0.998)
    assert "no belief in a break-off makes it drop either" in told(1.0)
