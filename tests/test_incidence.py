"""The page on who bears duties: its record is sourced, its rows are the engine's options."""

from __future__ import annotations

from collections import Counter

import pytest
from benchmarks import incidence

from tula.equilibrium import SHORT_RUN
from tula.world.store import load_world

WORDS = {"sellers", "volume", "dollar", "income", "india"}


def test_every_published_figure_has_a_range_a_source_and_a_grade() -> None:
    found = incidence.record()
    assert max(Counter(one["id"] for one in found).values()) == 1
    for one in found:
        assert float(one["low"]) <= float(one["high"]), one["id"]
        assert one["source"] and one["said"] and one["unit"]
        assert one["grade"][0] in "ABC"
        assert one["episode"] in incidence.EPISODES
        assert one["what"] in WORDS
    assert {one["episode"] for one in found if one["what"] == "sellers"} == set(incidence.EPISODES)


def test_the_options_begin_with_the_short_run_worlds_and_each_is_told_once() -> None:
    told = [(one.group, one.title) for one in incidence.options()]
    assert len(set(told)) == len(told)
    first = list(incidence.options())[: len(SHORT_RUN)]
    assert tuple(one.variant for one in first) == SHORT_RUN


def test_the_page_holds_a_row_for_every_option_and_episode_and_every_figure() -> None:
    page = incidence.PAGE.read_text(encoding="utf-8")
    for one in incidence.options():
        told = page.count(f"| {one.group}: {one.title} |")
        assert told == 1 + len(incidence.EPISODES), one.title
    assert all(f"| {one['id']} |" in page for one in incidence.record())
    assert "<!--" not in page


@pytest.mark.slow
def test_the_war_of_2018_to_2019_costs_china_and_hardly_moves_the_american_wage() -> None:
    world = load_world()
    base, shock = incidence.question(world, "2018")
    found = incidence.row(world, base, shock, next(incidence.options()))
    assert found.money["CHN"] < 0.0
    assert abs(found.share) < 0.1
    assert 0.0 <= found.borne.wage < 1.0
