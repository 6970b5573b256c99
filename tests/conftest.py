"""Fixtures every test may use, and run-time checks of array shapes and types while testing.

With ``TULA_UNCHECKED`` in the environment there are no such checks.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import jaxtyping
import pytest
from jaxtyping import install_import_hook

TESTS = Path(__file__).resolve().parent
sys.path.insert(0, str(TESTS))

import typechecker  # noqa: E402

if "TULA_UNCHECKED" not in os.environ:  # the longer tests call what the others have checked
    jaxtyping.jaxtyped = typechecker.once_per_signature
    install_import_hook("tula", "typechecker.checked")

import factories  # noqa: E402  (after the hook, so that its imports of tula are checked)
from browsers import browser as browser  # noqa: E402  (one in a process)
from browsers import visit as visit  # noqa: E402
from tula.world.economy import Economy  # noqa: E402

#: A process may hold 65,530 memory maps by Linux' default (vm.max_map_count). Every function that
#: jax has compiled takes about ten, and past the limit it crashes instead of raising an error.
MOST_MAPS = 20_000


@pytest.fixture(scope="module", autouse=True)
def _compiled_code() -> Iterator[None]:
    """Let go of compiled functions between files of tests, before there are too many."""
    yield
    maps = Path("/proc/self/maps")
    jax = sys.modules.get("jax")
    if jax and maps.exists() and len(maps.read_bytes().splitlines()) > MOST_MAPS:
        jax.clear_caches()


def pytest_collection_finish() -> None:
    """Set aside what was loaded and collected: looking through it for garbage takes long."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs jax where it is not installed."""
    if find_spec("jax") is None:
        absent = pytest.mark.skip(reason="needs jax: pip install 'tula[gradients]'")
        for item in items:
            if item.get_closest_marker("gradients"):
                item.add_marker(absent)


@pytest.fixture(scope="session")
def reference_data() -> Path:
    """Folder of reference data; tests that need it are skipped where it is absent."""
    folder = os.environ.get("TULA_REFERENCE_DATA", str(TESTS.parent.parent / "shared" / "data"))
    path = Path(folder)
    if not path.is_dir():
        pytest.skip(f"reference data not found at {path}; set TULA_REFERENCE_DATA")
    return path


@pytest.fixture(scope="session")
def make_economy() -> Callable[..., Economy]:
    """The factory ``make_economy(n, s, seed)`` of small balanced economies."""
    return factories.make_economy


@pytest.fixture(scope="session")
def toy_economy() -> Economy:
    """Four unequal regions (IND, RUS, USA, ROW), three sectors (OIL, MAN, SER), with duties."""
    return factories.toy_economy()
