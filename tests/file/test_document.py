import os
import socket
from pathlib import Path

import pytest

from tula.file.document import Document, parse_document, read_document
from tula.file.problems import InvalidFileError


def problems(text: str) -> list[str]:
    return [str(problem) for problem in parse_document(text, "f.yaml").problems]


def refusal(text: str) -> str:
    with pytest.raises(InvalidFileError) as caught:
        parse_document(text, "f.yaml")
    return str(caught.value)


def test_yaml_1_2_values_are_read_without_the_traps_of_1_1() -> None:
    text = "a: NO\nb: 1e-6\nc: 010121\nd: 2025-08-06\ne: 12:30\nf: true\ng: ~\nh: 0.25\n"
    document = parse_document(text, "f.yaml")
    expected = {"a": "NO", "b": 1e-6, "c": 10121, "d": "2025-08-06", "e": "12:30"}
    assert document.content == {**expected, "f": True, "g": None, "h": 0.25}
    assert document.problems == ()


def test_every_key_and_value_knows_its_line_and_column() -> None:
    document = parse_document("a: 1\nb:\n  - c: x\n    d: y\n", "f.yaml")
    assert document.key_place(("b", 0, "d")) == ("f.yaml", 4, 5)
    assert document.place(("b", 0, "d")) == ("f.yaml", 4, 8)


def test_an_absent_path_is_placed_at_its_nearest_parent() -> None:
    document = parse_document("a: 1\nb:\n  c: 2\n", "f.yaml")
    assert document.place(("b", "nope", "deeper")).line == 3
    assert document.at(("b", "nope")) is None


def test_every_repeated_key_is_reported_with_the_line_of_the_first() -> None:
    assert problems("a: 1\na: 2\nb: 3\nb: 4\n") == [
        "f.yaml:2:1: key 'a' stands twice (first on line 1)",
        "f.yaml:4:1: key 'b' stands twice (first on line 3)",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: .nan", "f.yaml:1:4: .nan is not a finite number"),
        ("a: [1, -.inf]", "f.yaml:1:8: -.inf is not a finite number"),
        ("a: " + "9" * 400, f"f.yaml:1:4: {'9' * 400} is larger than any quantity"),
        ("a: 1e308", "f.yaml:1:4: 1e308 is larger than any quantity of an economy: check the unit"),
        ("a: &x 1\nb: *x", "f.yaml:1:4: anchors and aliases are refused; write the value out"),
        (
            "a: !!python/object x",
            "f.yaml:1:4: tag '!!python/object' is refused: write the value alone",
        ),
        ("1: x", "f.yaml:1:1: a key must be text, not '1'; put it in quotes"),
        ("? [a]\n: x", "f.yaml:1:3: a key must be text, not a list or mapping; put it in quotes"),
    ],
)
def test_what_yaml_allows_and_a_study_should_not_hold_is_refused(text: str, message: str) -> None:
    assert problems(text)[0].startswith(message)


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a:\n\t- 1", 2, "YAML refuses tabs"),
        ("a: 1\n  b: 2", 2, "not readable as YAML"),
        ("a: one: two", 1, "put a text that holds a colon and a blank in quotes"),
        ("a: [1,", 1, "not readable as YAML"),
        ("a: 'x", 1, "not readable as YAML"),
        ("a: 1\n---\nb: 2", 2, "another document"),
        ("a: 1\nb: \x00", 2, "special characters"),
        ("[" * 3000, 1, "nested too deeply"),
        ("", 1, "the file is empty"),
    ],
)
def test_unreadable_text_is_refused_with_its_line(text: str, line: int, reason: str) -> None:
    message = refusal(text)
    assert f"f.yaml:{line}:" in message
    assert reason in message


def test_text_that_is_not_utf8_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes(b"a: 1\nb: \xe9t\xe9\n")
    with pytest.raises(InvalidFileError, match=r"f\.yaml:2:1: not UTF-8 text \(byte 0xe9\)"):
        read_document(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidFileError, match="no such file"):
        read_document(tmp_path / "f.yaml")


def test_a_byte_order_mark_is_not_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes("a: é\n".encode("utf-8-sig"))
    document: Document = read_document(path)
    assert document.content == {"a": "é"}


@pytest.mark.parametrize(
    ("value", "tag"),
    [
        ("!!bool x", "!!bool"),
        ("!!bool yes", "!!bool"),
        ("!!set {b, c}", "!!set"),
        ("!!omap [b: 1]", "!!omap"),
        ("!!bool [1]", "!!bool"),
        ("!!python/object/apply:os.system [ls]", "!!python/object/apply:os.system"),
        ("!!python/tuple [1, 2]", "!!python/tuple"),
        ("!!str 5", "!!str"),
        ('!!int "5"', "!!int"),
        ("!!float 1", "!!float"),
        ("!!binary aGk=", "!!binary"),
        ("!mine {b: 1}", "!mine"),
    ],
)
def test_a_tag_that_would_change_a_value_is_refused(value: str, tag: str) -> None:
    (found,) = problems(f"a: {value}\n")
    assert found.startswith(f"f.yaml:1:4: tag '{tag}' is refused: write the value alone")


@pytest.mark.parametrize("value", ["!!str x", "!!int 5", "!!map {b: 1}", "!!seq [1]", "!!null ~"])
def test_a_tag_that_changes_nothing_is_let_be(value: str) -> None:
    assert problems(f"a: {value}\n") == []


@pytest.mark.parametrize("value", ["<<", "="])
def test_a_sign_of_other_versions_is_not_read_as_nothing(value: str) -> None:
    assert problems(f"a: {value}\n") == [f"f.yaml:1:4: {value!r} is refused; put it in quotes"]


@pytest.mark.parametrize("directive", ["%YAML 1.1", "%YAML 1.0", "%TAG ! tag:x,2000:", "%ANY x"])
def test_a_directive_that_changes_how_values_read_is_refused(directive: str) -> None:
    told = refusal(f"# first\n{directive}\n---\na: yes\n")
    assert f"f.yaml:2:1: {directive!r} is refused: files are read as YAML 1.2" in told
    assert parse_document("%YAML 1.2\n---\na: yes\n", "f.yaml").content == {"a": "yes"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (r'a: "\ud800"', "half of a surrogate pair U+D800"),
        (r'a: "b\u0001"', "control character U+0001"),
        (r'a: ["\u001b[31mred"]', "control character U+001B"),
        (r'a: "\x9b"', "control character U+009B"),
        (r'a: "\u202e"', "control character U+202E"),
        (r'"\u0007": 1', "control character U+0007"),
    ],
)
def test_characters_that_are_no_text_are_refused_by_name(text: str, code: str) -> None:
    (found,) = problems(text + "\n")
    assert f"holds the {code}, which is no text; remove it" in found


def test_tabs_and_lines_are_text() -> None:
    assert problems('a: "b\\tc\\nd"\ne: |\n  f\n  g\n') == []


def test_a_pipe_a_socket_and_a_device_are_named_and_not_waited_for(tmp_path: Path) -> None:
    pipe, end = tmp_path / "pipe.yaml", tmp_path / "socket.yaml"
    os.mkfifo(pipe)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(end))
        for path, kind in ((pipe, "a pipe"), (end, "a socket"), (Path("/dev/zero"), "a device")):
            with pytest.raises(InvalidFileError, match=f"{path}:1:1: {kind}, not a file"):
                read_document(path)
