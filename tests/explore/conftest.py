"""A browser, and pages opened in it from files with the network cut."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

import factories
from tula.explore import write_explorer
from tula.world.store import load_world

#: Milliseconds that a page may take to show what it was asked.
PATIENCE = 20_000
Open = Callable[..., Page]


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
def opened(browser: Browser) -> Iterator[Open]:
    """Opens a page, waits until it shows figures, and in the end asks what went wrong on it."""
    trouble: list[str] = []
    contexts = []

    def open_page(path: Path, state: str = "", width: int = 1400, **more: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, **more)
        contexts.append(context)
        context.set_offline(True)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda told: trouble.append(f"{told.type}: {told.text}"))
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("request", lambda asked: _note(asked.url, path, trouble))
        page.goto(path.as_uri() + state)
        settled(page)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert trouble == []


def _note(url: str, path: Path, trouble: list[str]) -> None:
    if not url.startswith((path.as_uri(), "blob:")):
        trouble.append(f"asked for {url}")


def settled(page: Page) -> None:
    """Wait until the newest question is answered."""
    page.wait_for_selector("body[data-state=ready]:not([data-address])")
