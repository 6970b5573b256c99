from __future__ import annotations

from html.parser import HTMLParser

import numpy as np
import pytest

import tula as tl
from tula.shown import Card, ranked
from tula.world.economy import Economy

DUTY = tl.Tariff(importer="USA", exporter="IND", sectors="goods", add=0.1)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.seen.append(tag)
        if tag == "th":
            assert dict(attrs)["scope"] in ("row", "col")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def shown(toy: Economy) -> list[object]:
    solution = tl.solve(toy, [DUTY])
    batch = tl.solve_batch(toy, [[DUTY], []])
    comparison = tl.compare({"a": solution, "b": tl.solve(toy)})
    base = solution.calibration
    return [toy, base, solution, solution.certificate, solution.shock, batch, comparison]


def test_what_is_shown_says_in_few_lines_what_it_is(toy_economy: Economy) -> None:
    for one in shown(toy_economy):
        assert len(repr(one)) < 2000
        assert len(repr(one).splitlines()) <= 16
    told = repr(tl.solve(toy_economy, [DUTY]))
    for part in ("toy-4x3-2025 (2000): 4 regions x 3 sectors", "USA: +10.0 pp import duty",
                 "fixed", "worst residual", "Region IND -"):  # fmt: skip
        assert part in told
    assert "  policy        none\n" in repr(tl.solve(toy_economy))


def test_tables_are_whole_have_a_caption_and_heads_with_a_scope(toy_economy: Economy) -> None:
    for one in shown(toy_economy):
        tags = _Tags()
        tags.feed(one._repr_html_())  # type: ignore[attr-defined]
        assert tags.open == []
        assert tags.seen[:2] == ["table", "caption"]


def test_text_from_outside_cannot_write_markup_or_drive_the_terminal() -> None:
    card = Card("<b>", {"a": "<script>\x1b[31m"}, ("x", "y"), [("<i>", "&")])
    assert "<script" not in card.html() and "<i>" not in card.html() and "<b>" not in card.html()
    assert "\x1b" not in card.text() and "\x1b" not in card.html()


def test_an_instrument_shows_what_was_stated() -> None:
    assert repr(DUTY) == (
        "Tariff(importer=('USA',), exporter=('IND',), sectors=('goods',), add=0.1)"
    )
    assert (
        eval(repr(DUTY), vars(tl.policy) if hasattr(tl, "policy") else {"Tariff": tl.Tariff})
        == DUTY
    )


def test_long_tables_say_how_many_rows_are_left_out() -> None:
    card = Card("t", {}, ("x",), [(str(n),) for n in range(20)])
    assert card.text().endswith("and 8 more")


@pytest.mark.parametrize(
    ("changes", "told"),
    [((1.0, -2.0, 3.0), ("c +3%, a +1%", "b -2%")), ((0.0, np.nan, 0.0), ("nobody", "nobody"))],
)
def test_gains_and_losses_are_told_largest_first(changes, told) -> None:  # type: ignore[no-untyped-def]
    assert ranked("abc", changes) == told
