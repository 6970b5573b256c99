"""Results of a study on disk: labelled numbers in NetCDF beside a manifest in JSON."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import xarray as xr
from pydantic import TypeAdapter, ValidationError

from tula.errors import TulaError
from tula.study.accounts import accounts_hash, by_size, read_accounts, write_accounts
from tula.study.balance.records import BalanceRecord, balance_hash, json_text
from tula.study.manifest import Manifest
from tula.study.variables import NAMES, VARIABLES
from tula.ties.account import TieAccount
from tula.world.files import replacing

DATA_FILE = "results.nc"
MANIFEST_FILE = "manifest.json"
TIES_FILE = "ties.json"
BALANCE_FILE = "balance.json"

_BALANCE: TypeAdapter[BalanceRecord | None] = TypeAdapter(BalanceRecord | None)


class ResultsFormatError(TulaError):
    """A results directory or dataset breaks the contract. Run the study again."""


@dataclass(frozen=True)
class StudyResults:
    """Numbers of one study run and the account of how they came about.

    ``data`` holds exactly the variables of ``tula.study.variables.VARIABLES`` along scenario,
    closure, elasticity, region, exporter, importer, sector, term and payer; where a solve failed
    the numbers are NaN and the manifest says so. ``ties`` are the accounts of the study's ties,
    the largest ``value_to_pivot`` first, signs aside; ``balance`` is what its balance came to, None
    where the study has none. Raises ``ResultsFormatError`` otherwise.
    """

    manifest: Manifest
    data: xr.Dataset
    ties: tuple[TieAccount, ...] = ()
    balance: BalanceRecord | None = None

    def __post_init__(self) -> None:
        problems = _problems(self.data)
        if self.ties != by_size(self.ties):
            problems.append("the accounts of ties are not in order of size")
        if accounts_hash(self.ties) != self.manifest.ties_hash:
            problems.append(f"the accounts of ties are not those of {MANIFEST_FILE}")
        if balance_hash(self.balance) != self.manifest.balance_hash:
            problems.append(f"the balance is not that of {MANIFEST_FILE}")
        if problems:
            raise ResultsFormatError("; ".join(problems))

    def save(self, directory: Path) -> Path:
        """Write the files, each complete or not at all, and return the directory.

        Raises ``UnwritableFileError``.
        """
        directory.mkdir(parents=True, exist_ok=True)
        stamped = _canonical(self.data).assign_attrs(study_hash=self.manifest.study_hash)
        with (
            replacing(directory / DATA_FILE) as data,
            replacing(directory / TIES_FILE) as ties,
            replacing(directory / BALANCE_FILE) as balance,
            replacing(directory / MANIFEST_FILE) as account,
        ):
            stamped.to_netcdf(data, engine="h5netcdf")
            ties.write_text(write_accounts(self.ties), encoding="utf-8")
            balance.write_text(json_text(self.balance), encoding="utf-8")
            account.write_text(json_text(self.manifest), encoding="utf-8")
        return directory

    @classmethod
    def load(cls, directory: Path) -> StudyResults:
        """Read what ``save`` wrote; ``ResultsFormatError`` if files are absent or do not match."""
        for name in (DATA_FILE, TIES_FILE, BALANCE_FILE, MANIFEST_FILE):
            if not (directory / name).is_file():
                raise ResultsFormatError(f"{directory} holds no {name}")
        manifest = _read_manifest(directory / MANIFEST_FILE)
        with xr.open_dataset(directory / DATA_FILE, engine="h5netcdf") as stored:
            data = stored.load()
        if data.attrs.pop("study_hash", None) != manifest.study_hash:
            raise ResultsFormatError(f"{DATA_FILE} and {MANIFEST_FILE} come from different runs")
        ties, balance = directory / TIES_FILE, directory / BALANCE_FILE
        return cls(manifest, data, _read_ties(ties), _read_balance(balance))


def _canonical(data: xr.Dataset) -> xr.Dataset:
    """The same dataset in one order and without traces of earlier files."""
    labels = {name: data.coords[name] for name in sorted(map(str, data.coords))}
    ordered = xr.Dataset({name: data[name].reset_coords(drop=True) for name in VARIABLES})
    return ordered.assign_coords(labels).assign_attrs(data.attrs).drop_encoding()


def _read_manifest(path: Path) -> Manifest:
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise ResultsFormatError(f"{path}: {error}") from error


def _read_ties(path: Path) -> tuple[TieAccount, ...]:
    try:
        return read_accounts(path.read_text(encoding="utf-8"))
    except (ValidationError, UnicodeDecodeError) as error:
        raise ResultsFormatError(f"{path}: {error}") from error


def _read_balance(path: Path) -> BalanceRecord | None:
    try:
        return _BALANCE.validate_json(path.read_bytes())
    except ValidationError as error:
        raise ResultsFormatError(f"{path}: {error}") from error


def _problems(data: xr.Dataset) -> list[str]:
    found = set(map(str, data.data_vars))
    missing = [f"variable {name} is missing" for name in sorted(set(VARIABLES) - found)]
    unknown = [f"variable {name} is not in the contract" for name in sorted(found - set(VARIABLES))]
    wrong = [
        f"{name} has dimensions {data[name].dims}, expected {variable.dims}"
        for name, variable in VARIABLES.items()
        if name in found and data[name].dims != variable.dims
    ]
    unlabelled = [
        f"label {name} is missing along {dim}"
        for name, dim in NAMES.items()
        if name not in data.coords or data.coords[name].dims != (dim,)
    ]
    bare = [f"dimension {dim} has no labels" for dim in data.dims if dim not in data.coords]
    return missing + unknown + wrong + unlabelled + bare
