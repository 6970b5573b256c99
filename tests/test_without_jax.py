"""All but derivatives and batches on accelerators works where jax is not installed."""

import subprocess
import sys
from pathlib import Path

import pytest

import tula as tl
from tula.equilibrium.errors import LibraryError
from tula.equilibrium.traced import _imported
from tula.world.economy import Economy

TESTS = Path(__file__).resolve().parent
#: The command line, and solves, batches and metrics, a file of each.
PARTS = (
    ("cli/test_moves.py",),
    ("equilibrium/test_batch.py", "equilibrium/test_corridors.py", "metrics/test_registry.py"),
)
RUN = "import sys; sys.modules['jax'] = None; import pytest; sys.exit(pytest.main(sys.argv[1:]))"


@pytest.mark.parametrize("parts", [PARTS[0], pytest.param(PARTS[1], marks=pytest.mark.slow)])
def test_tests_of_every_kind_pass(parts: tuple[str, ...]) -> None:
    places = [str(TESTS / part) for part in parts]
    options = ["-q", "-p", "no:xdist", "-p", "no:cacheprovider", "--rootdir", str(TESTS.parent)]
    ran = subprocess.run(
        [sys.executable, "-c", RUN, *options, *places], capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stdout
    assert "needs jax" in ran.stdout


@pytest.mark.parametrize("asked", ["gradient", "batch"])
def test_what_needs_jax_says_what_to_install(
    asked: str, toy_economy: Economy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "jax", None)
    _imported.cache_clear()
    with pytest.raises(LibraryError, match=r"pip install 'tula\[gradients\]'"):
        if asked == "gradient":
            tl.gradient(toy_economy, (), tl.readings.real_income("IND"))
        else:
            tl.solve_batch(toy_economy, [()], library="jax")
