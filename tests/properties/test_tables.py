"""Whatever the table: the same figures from any order of rows, or an error of ours; never less."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import factories
from tula.errors import TulaError
from tula.world.aggregation import aggregate, reorder, split_region
from tula.world.checks import check_economy
from tula.world.economy import Economy, ShapeError, array_fields
from tula.world.importers import import_world
from tula.world.importers.long import _tables
from tula.world.store import content_hash, load_world, save_world

ECONOMY = factories.make_economy(3, 2, 1, export_taxes=True)
TABLES = _tables(ECONOMY)
quick = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
Edit = Callable[[pd.DataFrame, int], pd.DataFrame]


def imported(tables: dict[str, pd.DataFrame], **options: object) -> Economy:
    with tempfile.TemporaryDirectory() as folder:
        for name, table in tables.items():
            table.to_csv(Path(folder) / f"{name}.csv", index=False)
        return import_world(folder, "long", **options)


def same_bits(first: Economy, second: Economy) -> bool:
    return all(
        getattr(first, name).tobytes() == getattr(second, name).tobytes() for name in array_fields()
    )


@quick
@given(seed=st.integers(0, 2**32 - 1))
def test_rows_in_any_order_give_the_same_bits(seed: int) -> None:
    order = np.random.default_rng(seed)
    shuffled = {
        name: table if name in ("regions", "sectors") else table.iloc[order.permutation(len(table))]
        for name, table in TABLES.items()
    }
    assert same_bits(imported(shuffled), ECONOMY)


def _put(column: str, value: object) -> Edit:
    def edit(table: pd.DataFrame, row: int) -> pd.DataFrame:
        changed = table.astype({column: object})
        changed.iloc[row % len(table), list(table.columns).index(column)] = value
        return changed

    return edit


BREAKS: list[tuple[str, Edit]] = [
    *((f, lambda t, k: t.drop(index=k % len(t))) for f in ("flows", "tariffs", "elasticities")),
    *((f, lambda t, k: pd.concat([t, t.iloc[[k % len(t)]]])) for f in ("flows", "tariffs")),
    ("flows", _put("exporter", "R99")),
    ("flows", _put("sector", "S0")),
    ("flows", _put("importer", "all")),
    ("flows", _put("use", "final")),
    *(("flows", _put("value", v)) for v in ("nan", "", "inf", "-1", "1,5", "1_0", "0x1", True)),
    *(("tariffs", _put("rate", v)) for v in ("nan", "-1.5", "1e9", "10%")),
    *(("elasticities", _put("theta", v)) for v in ("0", "-4", "nan", "four")),
    ("tariffs", lambda t, k: t.assign(rate=t["rate"] * 100)),
    ("flows", lambda t, k: t.drop(columns=t.columns[k % len(t.columns)])),
    ("flows", lambda t, k: t.assign(extra=1)),
    ("regions", lambda t, k: t.drop(index=k % len(t))),
    ("sectors", _put("code", "FINAL")),
]


@pytest.mark.parametrize("which", range(len(BREAKS)))
@settings(max_examples=2, deadline=None)
@given(row=st.integers(0, 10_000))
def test_a_broken_table_is_always_refused_with_an_error_of_ours(which: int, row: int) -> None:
    name, edit = BREAKS[which]
    with pytest.raises(TulaError):
        imported(TABLES | {name: edit(TABLES[name].reset_index(drop=True), row)})


@quick
@given(content=st.binary(max_size=300), name=st.sampled_from(sorted(TABLES)))
def test_any_bytes_in_place_of_a_table_are_refused_with_an_error_of_ours(
    content: bytes, name: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for each, table in TABLES.items():
            table.to_csv(Path(folder) / f"{each}.csv", index=False)
        (Path(folder) / f"{name}.csv").write_bytes(content)
        with pytest.raises(TulaError):
            import_world(folder, "long")


@quick
@given(n=st.integers(1, 4), s=st.integers(1, 4), seed=st.integers(0, 99), compact=st.booleans())
def test_storing_twice_gives_the_same_bytes_and_the_same_figures(
    n: int, s: int, seed: int, compact: bool
) -> None:
    economy = factories.make_economy(n, s, seed)
    with tempfile.TemporaryDirectory() as folder:
        first, second = (
            save_world(economy, Path(folder) / name, compact=compact) for name in ("a.nc", "b.nc")
        )
        assert first.read_bytes() == second.read_bytes()
        loaded = load_world(first)
    assert compact or same_bits(loaded, economy)
    assert content_hash(loaded) == loaded.provenance.content_hash


@quick
@given(position=st.floats(0, 1), byte=st.integers(0, 255))
def test_a_stored_world_with_one_changed_byte_is_refused_or_unharmed(
    position: float, byte: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = save_world(ECONOMY, Path(folder) / "world.nc")
        content = bytearray(path.read_bytes())
        content[int(position * (len(content) - 1))] = byte
        path.write_bytes(bytes(content))
        try:
            loaded = load_world(path)
        except TulaError:
            return
    assert same_bits(loaded, ECONOMY)


@quick
@given(data=st.data())
def test_an_order_and_its_inverse_give_the_same_bits(data: st.DataObject) -> None:
    regions = data.draw(st.permutations(ECONOMY.regions))
    sectors = data.draw(st.permutations(ECONOMY.sectors))
    turned = reorder(ECONOMY, regions, sectors)
    assert same_bits(reorder(turned, ECONOMY.regions, ECONOMY.sectors), ECONOMY)


@quick
@given(groups=st.lists(st.integers(0, 2), min_size=5, max_size=5), seed=st.integers(0, 50))
def test_any_merge_keeps_world_output_expenditure_and_revenue(groups: list[int], seed: int) -> None:
    economy = factories.make_economy(5, 2, seed, export_taxes=True)
    merge: dict[str, list[str]] = {}
    for code, group in zip(economy.regions, groups, strict=True):
        merge.setdefault(f"G{group}", []).append(code)
    merged = aggregate(economy, merge)
    for measure in (
        lambda e: e.output.sum(),
        lambda e: e.expenditure.sum(),
        lambda e: (e.trade * (1 + e.export_tax) * e.tariff).sum(),
        lambda e: (e.trade * e.export_tax).sum(),
    ):
        assert measure(merged) == pytest.approx(measure(economy), rel=1e-12)


@quick
@given(
    assignment=st.lists(st.sampled_from(["A", "B", "", "?"]), min_size=3, max_size=3),
    extra=st.sampled_from([[], ["R00"], ["R99"]]),
)
def test_a_grouping_covers_each_code_once_or_is_refused(
    assignment: list[str], extra: list[str]
) -> None:
    merge: dict[str, list[str]] = {}
    for code, group in zip(ECONOMY.regions, assignment, strict=True):
        if group:
            merge.setdefault(group, []).append(code)
    merge.setdefault("A", []).extend(extra)
    named = sorted(code for members in merge.values() for code in members)
    if named == list(ECONOMY.regions) and all(merge.values()):
        assert aggregate(ECONOMY, merge).output.sum() == pytest.approx(ECONOMY.output.sum())
    else:
        with pytest.raises(TulaError):
            aggregate(ECONOMY, merge)


@quick
@given(code=st.sampled_from(ECONOMY.regions))
def test_splitting_a_region_leaves_every_other_region_as_it_was(code: str) -> None:
    halves = split_region(ECONOMY, code, ("X1", "X2"))
    others = [k for k, c in enumerate(ECONOMY.regions) if c != code]
    kept = [k for k, c in enumerate(halves.regions) if c in ECONOMY.regions]
    np.testing.assert_allclose(halves.output[kept], ECONOMY.output[others], rtol=1e-14)
    np.testing.assert_allclose(halves.value_added[kept], ECONOMY.value_added[others], rtol=1e-12)


@quick
@given(n=st.integers(1, 4), s=st.integers(1, 3))
def test_arrays_that_do_not_fit_the_labels_are_refused(n: int, s: int) -> None:
    labels = factories.make_economy(n, s).labels
    if (n, s) == (3, 2):
        assert replace(ECONOMY, labels=labels).labels is labels
    else:
        with pytest.raises(ShapeError, match=r"final has shape \(3, 2, 3\), expected"):
            replace(ECONOMY, labels=labels)


@quick
@given(n=st.integers(2, 5), s=st.integers(1, 4), seed=st.integers(0, 200))
def test_made_economies_pass_every_strict_check(n: int, s: int, seed: int) -> None:
    assert check_economy(factories.make_economy(n, s, seed), strict=True) == ()
