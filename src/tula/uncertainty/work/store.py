"""Finished blocks on disk: one file each, whole or absent, and never trusted unseen."""

from __future__ import annotations

import hashlib
import json
import math
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tula.uncertainty.work.block import Block
from tula.uncertainty.work.errors import IgnoredBlockWarning
from tula.uncertainty.work.task import SIGNIFICANT_DIGITS, Result
from tula.world.files import UnwritableFileError, write_whole

FORMAT = 1


class BlockStore:
    """A folder of finished blocks, made when absent. Several keys may share it.

    A file holds a header (key, hashes of the rows and of the results) and one JSON line a row.
    """

    def __init__(self, folder: Path, key: str) -> None:
        self.folder, self.key = Path(folder), key
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UnwritableFileError(
                f"cannot keep blocks in {folder}: {error.strerror or error}"
            ) from error

    def path(self, block: Block) -> Path:
        """Where a block stands: named by the key, its place in the design and its rows."""
        key = hashlib.sha256(self.key.encode()).hexdigest()[:16]
        return self.folder / f"{key}-{block.index:06d}-{block.rows_hash[:16]}.jsonl"

    def write(self, block: Block, results: list[Result]) -> None:
        """Keep the results of a block. Raises ``UnwritableFileError``."""
        body = "".join(_line(result) for result in results)
        write_whole(self.path(block), _line_of(self._header(block, body)) + body)

    def read(self, block: Block) -> list[Result] | None:
        """Return the results of a finished block, or None where it is absent or not to be trusted.

        A file that is there and cannot be used is named in an ``IgnoredBlockWarning``.
        """
        path = self.path(block)
        try:
            head, _, body = path.read_text(encoding="utf-8").partition("\n")
            self._compare(json.loads(head), self._header(block, body))
            return _results(body, len(block.rows))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, RecursionError) as error:
            warnings.warn(
                f"{path} is not used: {error}; its rows are evaluated again",
                IgnoredBlockWarning,
                stacklevel=2,
            )
            return None

    def _header(self, block: Block, body: str) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "digits": SIGNIFICANT_DIGITS,
            "key": self.key,
            "rows": block.rows_hash,
            "count": len(block.rows),
            "results": hashlib.sha256(body.encode()).hexdigest(),
        }

    @staticmethod
    def _compare(found: Any, expected: Mapping[str, Any]) -> None:
        if not isinstance(found, dict):
            raise ValueError("it has no header")
        wrong = [name for name, value in expected.items() if found.get(name) != value]
        if wrong:
            raise ValueError(f"its header does not fit in {', '.join(wrong)}")


def _line_of(record: Mapping[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=True, allow_nan=False) + "\n"


def _line(result: Result) -> str:
    if result.values is None:
        return _line_of({"failure": result.failure})
    return _line_of({"values": {name: _told(value) for name, value in result.values.items()}})


def _told(value: float) -> float | str:
    """JSON has no NaN and no infinity: they are written as words, which ``float`` reads."""
    return value if math.isfinite(value) else str(value)


def _results(body: str, count: int) -> list[Result]:
    try:
        results = [_result(json.loads(line)) for line in body.splitlines()]
    except (KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise ValueError(f"a line holds no result ({error})") from error
    if len(results) != count:
        raise ValueError(f"it holds {len(results)} results for {count} rows")
    return results


def _result(record: Mapping[str, Any]) -> Result:
    if "failure" in record:
        failure = record["failure"]
        if not isinstance(failure, str | None):
            raise TypeError(f"a failure is told in words, not {failure!r}")
        return Result(failure=failure)
    return Result(values={name: _read(value) for name, value in record["values"].items()})


def _read(value: float | str) -> float:
    """A number, or one of the words that stand for what JSON has no number for."""
    if isinstance(value, bool):
        raise TypeError(f"{value} is no number")
    return float(value)
