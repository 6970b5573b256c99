"""A browser, and pages opened in it from files with the network cut."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

import factories
from browsers import Visit, settled
from tula.explore import write_explorer
from tula.world.store import load_world


@pytest.fixture(scope="session")
def toy_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a small world."""
    path = tmp_path_factory.mktemp("explore") / "toy.html"
    return write_explorer(factories.toy_economy(), path, world="toy.nc")


@pytest.fixture(scope="session")
def world_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the embedded world."""
    path = tmp_path_factory.mktemp("explore") / "world.html"
    return write_explorer(load_world("icio-2024"), path, world="icio-2024")


@pytest.fixture
def opened(visit: Visit) -> Visit:
    """Opens a page and waits until it shows figures."""

    def open_page(*asked: Any, **more: Any) -> Page:
        page = visit(*asked, **more)
        settled(page)
        return page

    return open_page
