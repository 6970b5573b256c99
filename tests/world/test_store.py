from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import h5netcdf
import h5py
import numpy as np
import pytest
import xarray as xr

from small_disk import room_for
from tula.errors import TulaError, UnknownNameError
from tula.world import netcdf, store
from tula.world.economy import Economy, array_fields
from tula.world.files import MissingFileError, UnwritableFileError


def same(first: Economy, second: Economy) -> bool:
    texts = netcdf.texts(first) == netcdf.texts(second)
    return texts and all(
        np.array_equal(getattr(first, name), getattr(second, name)) for name in array_fields()
    )


def test_a_saved_world_comes_back_exactly(toy_economy: Economy, tmp_path: Path) -> None:
    loaded = store.load_world(store.save_world(toy_economy, tmp_path / "toy.nc"))
    assert same(loaded, toy_economy)
    assert loaded.provenance.content_hash == store.content_hash(toy_economy)


def test_compact_storage_rounds_flows_to_single_precision_and_nothing_else(
    toy_economy: Economy, tmp_path: Path
) -> None:
    loaded = store.load_world(store.save_world(toy_economy, tmp_path / "toy.nc", compact=True))
    np.testing.assert_allclose(loaded.intermediate, toy_economy.intermediate, rtol=6e-8)
    assert np.array_equal(loaded.tariff, toy_economy.tariff)
    again = store.load_world(store.save_world(loaded, tmp_path / "again.nc", compact=True))
    assert again.provenance == loaded.provenance


def test_the_same_economy_gives_the_same_bytes(toy_economy: Economy, tmp_path: Path) -> None:
    paths = [store.save_world(toy_economy, tmp_path / name) for name in ("a.nc", "b.nc")]
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_the_content_hash_sees_every_figure_and_every_text(toy_economy: Economy) -> None:
    hashes = {store.content_hash(toy_economy)}
    for name in array_fields():
        values = np.array(getattr(toy_economy, name))
        values.flat[1] += 1e-9
        hashes.add(store.content_hash(replace(toy_economy, **{name: values})))
    hashes.add(store.content_hash(replace(toy_economy, elasticity_source="another")))
    hashes.add(store.content_hash(replace(toy_economy, metadata={"purpose": "else"})))
    assert len(hashes) == 1 + len(array_fields()) + 2


def test_other_tools_read_the_file_with_labels(toy_economy: Economy, tmp_path: Path) -> None:
    path = store.save_world(toy_economy, tmp_path / "toy.nc")
    with xr.open_dataset(path, engine="h5netcdf") as dataset:
        crude = dataset["final"].sel(exporter="RUS", sector="OIL", importer="IND").item()
    assert crude == toy_economy.final[1, 0, 0]


@pytest.mark.parametrize("size", [0, 100, 4096, 8192])
def test_a_full_disk_leaves_the_older_file_and_no_other(
    toy_economy: Economy, tmp_path: Path, size: int
) -> None:
    path = store.save_world(toy_economy, tmp_path / "toy.nc")
    before = path.read_bytes()
    with room_for(size), pytest.raises(UnwritableFileError, match=r"toy\.nc: File too large"):
        store.save_world(replace(toy_economy, elasticity_source="another"), path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_saving_into_an_absent_folder_names_the_target(
    toy_economy: Economy, tmp_path: Path
) -> None:
    with pytest.raises(UnwritableFileError, match=r"nowhere.toy\.nc"):
        store.save_world(toy_economy, tmp_path / "nowhere" / "toy.nc")


def test_an_unknown_name_is_answered_with_the_nearest_world() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'icio-2022-full'"):
        store.load_world("icio-2022-ful")


def test_an_absent_path_is_not_taken_for_a_name(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match="no such file"):
        store.load_world(str(tmp_path / "absent.nc"))
    with pytest.raises(MissingFileError, match="a folder"):
        store.load_world(tmp_path)


def test_a_file_of_another_kind_is_foreign(tmp_path: Path) -> None:
    path = tmp_path / "table.nc"
    path.write_text("exporter,sector\n")
    with pytest.raises(store.ForeignFileError, match="not a netCDF-4 file"):
        store.load_world(path)


def test_a_netcdf_file_without_the_mark_lists_all_it_lacks(
    toy_economy: Economy, tmp_path: Path
) -> None:
    path = tmp_path / "other.nc"
    toy_economy.to_dataset().drop_vars(["tariff", "final"]).to_netcdf(path, engine="h5netcdf")
    with pytest.raises(store.ForeignFileError, match=r"lacks final, tariff, label_text"):
        store.load_world(path)


def test_every_missing_variable_is_listed_at_once(toy_economy: Economy, tmp_path: Path) -> None:
    path = store.save_world(toy_economy, tmp_path / "toy.nc")
    with h5py.File(path, "a") as file:
        del file["tariff"], file["metadata_text"]
    with pytest.raises(store.DamagedWorldError, match="lacks tariff, metadata_text"):
        store.load_world(path)


def test_a_file_of_a_later_version_is_refused(toy_economy: Economy, tmp_path: Path) -> None:
    path = store.save_world(toy_economy, tmp_path / "toy.nc")
    with h5netcdf.File(path, "a") as file:
        file.attrs["format_version"] = 99
    with pytest.raises(store.ForeignFileError, match="version 99"):
        store.load_world(path)


def test_a_changed_figure_is_noticed(toy_economy: Economy, tmp_path: Path) -> None:
    path = store.save_world(toy_economy, tmp_path / "toy.nc")
    with h5py.File(path, "a") as file:
        file["trade_elasticity"][0] += 1.0
    with pytest.raises(store.DamagedWorldError, match="differ from the hash"):
        store.load_world(path)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_file_cut_short_is_refused(toy_economy: Economy, tmp_path: Path, share: float) -> None:
    path = store.save_world(toy_economy, tmp_path / "toy.nc")
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    with pytest.raises(TulaError):
        store.load_world(path)


def test_a_bit_flipped_anywhere_is_noticed_before_the_file_is_read(
    toy_economy: Economy, tmp_path: Path
) -> None:
    """In the heap of texts such a bit keeps HDF5 busy for ever."""
    path = store.save_world(toy_economy, tmp_path / "toy.nc")
    content = path.read_bytes()
    for place in (8, 1956, *range(100, len(content) - 100, 997)):
        spoilt = bytearray(content)
        spoilt[place] ^= 1
        path.write_bytes(spoilt)
        with pytest.raises((store.DamagedWorldError, store.ForeignFileError)):
            store.load_world(path)


def test_a_file_of_earlier_versions_has_no_seal_and_loads(
    toy_economy: Economy, tmp_path: Path
) -> None:
    path = store.save_world(toy_economy, tmp_path / "toy.nc")
    path.write_bytes(path.read_bytes().rpartition(netcdf.SEAL)[0])
    assert store.load_world(path).regions == toy_economy.regions


def test_a_summary_adds_up(toy_economy: Economy) -> None:
    summary = store.describe(toy_economy)
    assert summary.rows[0].value_added == max(row.value_added for row in summary.rows)
    exports, imports = (sum(getattr(r, k) for r in summary.rows) for k in ("exports", "imports"))
    assert exports == pytest.approx(summary.trade_between_regions)
    assert imports == pytest.approx(exports)
    assert 0 < summary.mean_duty < 0.15
