"""The replications, run once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tula import replicate


@pytest.fixture(scope="session")
def cp2015(reference_data: Path) -> replicate.ReplicationReport:
    """NAFTA after Caliendo and Parro (2015)."""
    return replicate.run("cp2015", reference_data)


@pytest.fixture(scope="session")
def gegravity(reference_data: Path) -> replicate.ReplicationReport:
    """The gegravity sample."""
    return replicate.run("gegravity", reference_data)


@pytest.fixture(scope="session")
def liberation_day(reference_data: Path) -> replicate.ReplicationReport:
    """Liberation Day tariffs after Ignatenko and others (2025)."""
    return replicate.run("liberation_day", reference_data)
