"""A small vocabulary with groups, and base rates to change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import numpy as np
import pytest

from tula.policy import Instrument, Shock, compile_shock
from tula.world.labels import Labels


@pytest.fixture(scope="session")
def labels() -> Labels:
    return Labels(
        regions=("IND", "RUS", "USA", "KAZ"),
        sectors=("OIL", "PHA", "TEX", "SER"),
        region_groups={"EAEU": ("RUS", "KAZ")},
        sector_groups={"goods": ("OIL", "PHA", "TEX")},
    )


@pytest.fixture(scope="session")
def base(labels: Labels) -> np.ndarray:
    rates = np.zeros((4, 4, 4))
    rates[:3] = 0.10
    return rates


@pytest.fixture
def compiled(labels: Labels, base: np.ndarray) -> Callable[..., Shock]:
    def run(instruments: Sequence[Instrument], on: date | None = None, **more: Any) -> Shock:
        return compile_shock(labels, base, np.zeros_like(base), instruments, on, **more)

    return run


@pytest.fixture
def cell(labels: Labels) -> Callable[[str, str, str], tuple[int, int, int]]:
    def find(sector: str, importer: str, exporter: str) -> tuple[int, int, int]:
        return (
            labels.sector_index(sector),
            labels.region_index(importer),
            labels.region_index(exporter),
        )

    return find
