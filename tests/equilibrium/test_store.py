"""Solutions on disk."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import pytest

import tula as tl
from tula.equilibrium import FixedBalance, Solution, certify
from tula.equilibrium.store import PARTS, SolutionFileError, UnsavedClosureError, axes_of
from tula.metrics import METRICS
from tula.policy.shock import no_shock
from tula.world.economy import Economy
from tula.world.files import MissingFileError, UnwritableFileError

POLICY = [
    tl.Tariff(importer="USA", exporter="IND", sectors="goods", set="600%", start="2025-01-01"),
    tl.PriceCap(importer="IND", exporter="RUS", sectors="OIL", at="60 usd/bbl", base="61 usd/bbl"),
    tl.ImportCap(importer="IND", exporter="USA", sectors="MAN", at=0.9),
    tl.Embargo(importer="USA", exporter="RUS", sectors="OIL"),
    tl.Transfer(payer="USA", receiver="IND", amount_musd=10.0),
    tl.Migration(
        from_="ROW", to="USA", workers_thousand=1.0, home_earnings_usd=2000,
        host_earnings_usd=7000, remitted=0.3,
    ),
    tl.TariffQuota(importer="ROW", exporter="RUS", sectors="MAN", at=0.9, inside=0.0, beyond=0.4),
    tl.Retaliation(importer="IND", exporter="USA", in_kind=0.5),
    tl.TradeAgreement(members=["IND", "ROW"], phase_in=5, year=2),
]  # fmt: skip


@pytest.fixture(scope="module")
def rich() -> Solution:
    """A solution with all that a file must hold: limits, corridors, technology, dates."""
    import factories

    technology = tl.Technology(
        labour_mobility=2.0, specific_factors=(tl.SpecificFactor(sectors="OIL", share=0.4),)
    )
    return tl.solve(tl.calibrate(factories.toy_economy(), technology), POLICY, on="2025-03-01")


def test_a_solution_comes_back_to_the_last_bit(rich: Solution, tmp_path: Path) -> None:
    again = tl.load_solution(rich.save(tmp_path / "one.nc"))
    for part, kind in PARTS.items():
        for name in axes_of(kind):
            mine, theirs = (getattr(getattr(one, part, one), name) for one in (rich, again))
            assert np.array_equal(mine, theirs) and mine.dtype == theirs.dtype, name
    for name, metric in METRICS.items():
        assert np.array_equal(metric.values(rich), metric.values(again), equal_nan=True), name
    assert (again.certificate, again.limits) == (rich.certificate, rich.limits)
    assert again.labels == rich.labels
    assert again.calibration.provenance == rich.calibration.provenance
    assert again.calibration.technology == rich.calibration.technology
    assert again.shock.ledger == rich.shock.ledger
    assert again.shock.ledger.instruments == tuple(POLICY)  # type: ignore[union-attr]
    assert certify(again).holds


def test_the_same_solution_gives_the_same_bytes(rich: Solution, tmp_path: Path) -> None:
    first = rich.save(tmp_path / "one.nc")
    second = tl.load_solution(first).save(tmp_path / "two.nc")
    assert first.read_bytes() == second.read_bytes()


def test_every_array_of_a_solution_has_its_axes(rich: Solution) -> None:
    for part, kind in PARTS.items():
        owner = getattr(rich, part, rich)
        arrays = {f.name for f in fields(kind) if isinstance(getattr(owner, f.name), np.ndarray)}
        assert set(axes_of(kind)) == arrays


def test_others_read_the_arrays_with_axes_and_units(rich: Solution, tmp_path: Path) -> None:
    import xarray as xr

    path = rich.save(tmp_path / "one.nc")
    with xr.open_dataset(path, group="solution", engine="h5netcdf") as data:
        assert data["income"].dims == ("region",)
        assert data["income"].attrs["units"] == "million USD"
        assert np.array_equal(data["income"], rich.income)


def test_a_policy_from_arrays_comes_back(toy_economy: Economy, tmp_path: Path) -> None:
    base = tl.calibrate(toy_economy)
    still = no_shock(base.labels, base.tariff, base.export_tax)
    solution = tl.solve(base, still.replace(trade_cost_hat=still.trade_cost_hat * 1.1))
    again = tl.load_solution(solution.save(tmp_path / "one.nc"))
    assert np.array_equal(again.shock.trade_cost_hat, solution.shock.trade_cost_hat)
    assert again.shock.ledger == ()


def test_files_that_are_no_solution_or_were_changed_are_refused(
    rich: Solution, toy_economy: Economy, tmp_path: Path
) -> None:
    path = rich.save(tmp_path / "one.nc")
    image = bytearray(path.read_bytes())
    image[len(image) // 2] ^= 1
    cases = {
        "flipped.nc": bytes(image),
        "short.nc": path.read_bytes()[:-200],
        "text.nc": b"nothing",
        "world.nc": tl.save_world(toy_economy, tmp_path / "w.nc").read_bytes(),
    }
    for name, content in cases.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(SolutionFileError, match=name):
            tl.load_solution(tmp_path / name)
    with pytest.raises(MissingFileError):
        tl.load_solution(tmp_path / "none.nc")


def test_a_failed_write_leaves_what_stood_there(rich: Solution, tmp_path: Path) -> None:
    @dataclass(frozen=True)
    class Mine(FixedBalance):
        name: str = "mine"

    path = rich.save(tmp_path / "one.nc")
    before = path.read_bytes()
    object.__setattr__(other := tl.load_solution(path), "closure", Mine())
    with pytest.raises(UnsavedClosureError, match="mine"):
        other.save(path)
    with pytest.raises(UnwritableFileError):
        rich.save(tmp_path / "no folder" / "one.nc")
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["one.nc"]
