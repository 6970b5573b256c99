"""What a fresh process loads: no more than the answer asked for needs."""

import re
import subprocess
import sys

import pytest

HEAVY = {
    "jax",
    "jaxtyping",
    "xarray",
    "pandas",
    "scipy",
    "altair",
    "dask",
    "distributed",
    "pyarrow",
}
SOLVE = ("-m", "tula", "solve", "--tariff", "USA:IND:goods:+25pp")
FIRST_ANSWER = """
import tula as tl

world = tl.load_world("icio-2024")
solution = tl.solve(world, [tl.Tariff(importer="USA", exporter="IND", sectors="all", add=0.25)])
print(solution.real_income_hat[solution.labels.region_index("IND")])
"""


def loaded(*arguments: str) -> set[str]:
    """Return the top-level packages that a Python process with these arguments imports."""
    told = subprocess.run(
        [sys.executable, "-X", "importtime", *arguments], capture_output=True, text=True, check=True
    )
    names = re.findall(r"^import time: +\d+ \| +\d+ \| +([\w.]+)$", told.stderr, re.MULTILINE)
    assert "tula" in names
    return {name.split(".")[0] for name in names}


@pytest.mark.parametrize(
    ("arguments", "besides"),
    [
        (("-c", "import tula"), {"numpy", "pydantic", "h5py", "typer", "rich"}),
        (("-m", "tula", "--help"), {"numpy", "pydantic", "h5py"}),
        (SOLVE, set()),
        ((*SOLVE, "--json"), set()),
        ((*SOLVE, "--technology", "short-run", "--import-cap", "IND:RUS:OIL:65%"), set()),
        (("-c", FIRST_ANSWER), {"typer", "rich"}),
    ],
    ids=["import", "help", "solve", "json", "short run", "first answer"],
)
def test_nothing_heavy_is_loaded(arguments: tuple[str, ...], besides: set[str]) -> None:
    assert not loaded(*arguments) & (HEAVY | besides)


def test_what_is_shown_loads_no_more_than_the_answer() -> None:
    shown = f"{FIRST_ANSWER}[(repr(one), one._repr_html_()) for one in (world, solution)]; dir(tl)"
    assert not loaded("-c", shown) & HEAVY


def test_a_labelled_reading_loads_xarray_and_no_jax() -> None:
    labelled = f"{FIRST_ANSWER}tl.metrics.real_income(solution)"
    assert loaded("-c", labelled) & {"jax", "xarray"} == {"xarray"}
