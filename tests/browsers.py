"""A browser for tests of pages, where the system has one."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

#: Opens a page: a file, what follows in its address, the width of the window, and its context.
Visit = Callable[..., Page]
#: Milliseconds that a page may take to show what it was asked.
PATIENCE = 20_000
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window, as the system has it."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip(f"no browser: none of {', '.join(NAMES)} is installed")
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Opens pages from files with the network cut, and in the end asks what went wrong on them."""
    trouble: list[str] = []
    contexts: list[BrowserContext] = []

    def open_page(path: Path, state: str = "", width: int = 1400, **more: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, **more)
        contexts.append(context)
        context.set_offline(True)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda told: trouble.append(f"{told.type}: {told.text}"))
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("request", lambda asked: trouble.extend(_beyond(asked.url)))
        page.goto(path.as_uri() + state)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert trouble == []


def _beyond(url: str) -> list[str]:
    """What is asked of anything but files, and what a page makes itself."""
    return [] if url.startswith(("file:", "blob:", "data:")) else [f"asked for {url}"]


def settled(page: Page) -> None:
    """Wait until the newest question is answered, and the address holds it."""
    page.wait_for_selector("body[data-state=ready]:not([data-address])")
