"""Results of a study on disk: labelled numbers in NetCDF beside a manifest in JSON."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from tula.errors import TulaError
from tula.numbers import write
from tula.shown import Card, Shown
from tula.strategy.answer.result import Answer
from tula.study.accounts import by_size, read_accounts, write_accounts
from tula.study.jsontext import json_text
from tula.study.manifest import Manifest
from tula.study.seals import array_hash, digest, intact, sealed
from tula.study.variables import NAMES, VARIABLES
from tula.ties.account import TieAccount
from tula.world.files import write_together

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

DATA_FILE = "results.nc"
MANIFEST_FILE = "manifest.json"
TIES_FILE = "ties.json"
ANSWER_FILE = "answer.json"
LIVE_FILE = "live.json"
#: The files of a run in the order in which they are written; the manifest, last, vouches for all.
FILES = (DATA_FILE, TIES_FILE, ANSWER_FILE, LIVE_FILE, MANIFEST_FILE)
#: Files whose bytes depend on the libraries that packed them.
PACKED = (DATA_FILE, LIVE_FILE)
#: Where the manifest keeps its own hash.
SEAL = '"seal": "{}"'
#: Added where the files are what their manifest tells, and yet read otherwise.
OTHER_BUILD = ", or written by another build of Tula"
#: What stands in a folder that is refused, and what to do.
ALTERED = "altered since, or of another run; run the study again"

_ANSWER: TypeAdapter[Answer | None] = TypeAdapter(Answer | None)
_LIVE: TypeAdapter[dict[str, Any] | None] = TypeAdapter(dict[str, Any] | None)


class ResultsFormatError(TulaError):
    """What a run left is incomplete, altered, or of two runs. Run the study again."""


@dataclass(frozen=True, repr=False)
class StudyResults(Shown):
    """Numbers of one study run and the account of how they came about.

    ``data`` holds exactly the variables of ``tula.study.variables.VARIABLES`` along scenario,
    closure, elasticity, region, exporter, importer, sector, term and payer; where a solve failed
    the numbers are NaN and the manifest says so. ``ties`` are the accounts of the study's ties,
    the largest ``value_to_pivot`` first, signs aside; ``answer`` is what its question came to, None
    where it asks none; ``live`` is that question for the engine of the page
    (``tula.study.asked.live_of``). The manifest gets the hashes of all this, or, where it has
    hashes, must agree with them. Raises ``ResultsFormatError`` otherwise.
    """

    manifest: Manifest
    data: xr.Dataset
    ties: tuple[TieAccount, ...] = ()
    answer: Answer | None = None
    live: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        problems = _problems(self.data)
        if self.ties != by_size(self.ties):
            problems.append("the accounts of ties are not in order of size")
        if problems:
            raise ResultsFormatError("; ".join(problems))
        if not self.manifest.hashes:
            hashed = self.manifest.model_copy(update={"hashes": self._hashes()})
            object.__setattr__(self, "manifest", hashed)
        self.require_unaltered()

    @cached_property
    def run_hash(self) -> str:
        """SHA-256 of the account of the run and, through its hashes, of every number."""
        return digest(json_text(self.manifest))

    @property
    def flows(self) -> pd.DataFrame:
        """What arrives of each critical tie by month, over its reference; empty without an answer.

        Columns: month, tie, median, low and high (a tenth lies below, and above).
        """
        import pandas as pd

        told = self.answer.path if self.answer else ()
        rows = [
            (one.month, tie, flow.median, flow.low, flow.high)
            for one in told
            for tie, flow in one.flows.items()
        ]
        return pd.DataFrame(rows, columns=["month", "tie", "median", "low", "high"])

    def require_unaltered(self) -> None:
        """Raise ``ResultsFormatError`` unless every number is the one the manifest vouches for."""
        told, found = self.manifest.hashes, self._hashes()
        wrong = [name for name in sorted({*told, *found}) if told.get(name) != found.get(name)]
        if wrong:
            where = [name if name.endswith(".json") else f"{name} in {DATA_FILE}" for name in wrong]
            raise ResultsFormatError(
                f"not what {MANIFEST_FILE} was written with: {', '.join(where)}; {ALTERED}"
            )

    def save(self, directory: str | Path) -> Path:
        """Write the files, all or none, the manifest last, and return the directory.

        Raises ``UnwritableFileError``, and ``ResultsFormatError`` if numbers were altered.
        """
        self.require_unaltered()
        image = BytesIO()
        stamped = _canonical(self.data).assign_attrs(study_hash=self.manifest.study_hash)
        small = {name: {"zlib": True} for name in VARIABLES}
        stamped.to_netcdf(image, engine="h5netcdf", encoding=small)
        packed = {DATA_FILE: image.getvalue(), LIVE_FILE: _LIVE.dump_json(self.live)}
        hashes = self.manifest.hashes | {name: digest(raw) for name, raw in packed.items()}
        manifest = self.manifest.model_copy(update={"hashes": hashes})
        seal = {MANIFEST_FILE: sealed(json_text(manifest), SEAL)}
        return write_together(Path(directory), packed | self._texts | seal)

    @classmethod
    def load(cls, directory: Path) -> StudyResults:
        """Read what ``save`` wrote.

        ``ResultsFormatError`` names the files that are absent, altered or of another run.
        """
        import xarray as xr

        raw = _read(directory)
        manifest = _manifest(directory, raw)
        try:
            ties = read_accounts(raw[TIES_FILE].decode())
            answer = _ANSWER.validate_json(raw[ANSWER_FILE])
            live = _LIVE.validate_json(raw[LIVE_FILE])
        except ValidationError as error:
            raise ResultsFormatError(f"{directory}: {error}") from error
        with xr.open_dataset(BytesIO(raw[DATA_FILE]), engine="h5netcdf") as stored:
            data = stored.load()
        del data.attrs["study_hash"]
        try:
            return cls(manifest, data, ties, answer, live)
        except ResultsFormatError as error:
            raise ResultsFormatError(f"{directory}: {error}{OTHER_BUILD}") from error

    def _card(self) -> Card:
        manifest = self.manifest
        headline = {
            "closure": manifest.headline_closure,
            "elasticity": manifest.headline_elasticity,
        }
        income = self.data["real_income"].sel(headline)
        players = (manifest.pivot, *manifest.rivals)
        rows = []
        for one in manifest.scenarios:
            found = income.sel(scenario=one.id, region=list(players)).values.tolist()
            told = (write.fixed(value, 2, signed=True) for value in found)
            rows.append((one.id, *told, one.title))
        facts = {
            "question": manifest.question,
            "answer": "none"
            if self.answer is None
            else f"{self.answer.label}, {write.chance(self.answer.odds)}",
            "set": "; ".join(manifest.settings) or "nothing",
            "world": f"{manifest.world.name} ({manifest.world.vintage})",
            "run": f"{self.run_hash[:12]}, seed {manifest.seed}, {manifest.draws} draws",
        }
        head = ("scenario", *(f"{player} %" for player in players), "title")
        return Card(f"Run of {manifest.id}: {manifest.title}", facts, head, rows)

    def _hashes(self) -> dict[str, str]:
        """Hash of every array and every record."""
        arrays = {str(name): array_hash(array) for name, array in self.data.data_vars.items()}
        labels = {str(name): array_hash(array) for name, array in self.data.coords.items()}
        return arrays | labels | {name: digest(text) for name, text in self._texts.items()}

    @cached_property
    def _texts(self) -> dict[str, str]:
        """Texts of the records, which nobody can change."""
        return {
            TIES_FILE: write_accounts(self.ties),
            ANSWER_FILE: json_text(self.answer, sort=False),
        }


def _canonical(data: xr.Dataset) -> xr.Dataset:
    """The same dataset in one order and without traces of earlier files."""
    import xarray as xr

    labels = {name: data.coords[name] for name in sorted(map(str, data.coords))}
    ordered = xr.Dataset({name: data[name].reset_coords(drop=True) for name in VARIABLES})
    return ordered.assign_coords(labels).assign_attrs(data.attrs).drop_encoding()


def _read(directory: Path) -> dict[str, bytes]:
    """Contents of the files of a run, all of which must be there."""
    if not directory.is_dir():
        raise ResultsFormatError(f"{directory}: no such folder")
    absent = [name for name in FILES if not (directory / name).is_file()]
    if absent:
        raise ResultsFormatError(
            f"{directory} is no folder of a run, as tula run --out DIR writes it: it holds no "
            f"{', '.join(absent)}"
        )
    return {name: (directory / name).read_bytes() for name in FILES}


def _manifest(directory: Path, raw: dict[str, bytes]) -> Manifest:
    """Read the manifest of files that are what it says, and nothing else.

    Hashes of ``PACKED`` depend on the libraries that wrote them: they stay in the file.
    """
    if not intact(raw[MANIFEST_FILE], SEAL):
        raise ResultsFormatError(f"{directory / MANIFEST_FILE}: {ALTERED}")
    try:
        manifest = Manifest.model_validate_json(raw[MANIFEST_FILE])
    except ValidationError as error:
        raise ResultsFormatError(f"{directory / MANIFEST_FILE}: {error}") from error
    hashes = dict(manifest.hashes)
    beside = FILES[:-1]
    wrong = [str(directory / name) for name in beside if digest(raw[name]) != hashes.get(name)]
    if wrong:
        raise ResultsFormatError(f"{', '.join(wrong)}: not what {MANIFEST_FILE} tells: {ALTERED}")
    for name in PACKED:
        del hashes[name]
    return manifest.model_copy(update={"hashes": hashes, "seal": ""})


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
