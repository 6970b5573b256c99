"""The pages under docs/replication show what the code computes."""

from __future__ import annotations

from pathlib import Path

import pytest

from replicate.tables import lines
from tula.replicate import ReplicationReport

PAGES = Path(__file__).resolve().parents[2] / "docs" / "replication"


@pytest.mark.reference
def test_the_nafta_page_shows_the_computed_figures(cp2015: ReplicationReport) -> None:
    page = (PAGES / "cp2015.md").read_text(encoding="utf-8")
    assert [line for line in lines(cp2015, 4) if line not in page] == []


@pytest.mark.reference
def test_the_gravity_page_shows_the_computed_figures(gegravity: ReplicationReport) -> None:
    page = (PAGES / "gegravity.md").read_text(encoding="utf-8")
    assert [line for line in lines(gegravity, 6) if line not in page] == []
