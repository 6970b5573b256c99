"""Published results, run again: the figures side by side.

The data are not part of the package: every replication reads them from a folder.
"""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from tula.errors import UnknownNameError
from tula.replicate import cp2015, gegravity, liberation_day
from tula.replicate.report import (
    Comparison,
    MissingReferenceError,
    ReplicationReport,
    ReplicationRow,
)

_RUNNERS = {
    "cp2015": cp2015.replicate,
    "gegravity": gegravity.replicate,
    "liberation_day": liberation_day.replicate,
}
_TITLES = MappingProxyType(
    {
        "cp2015": cp2015.TITLE,
        "gegravity": gegravity.TITLE,
        "liberation_day": liberation_day.TITLE,
    }
)


def available() -> Mapping[str, str]:
    """Return the replications by name, each with its title."""
    return _TITLES


def run(name: str, data_dir: Path) -> ReplicationReport:
    """Run a replication on the data in a folder.

    ``data_dir`` is the folder of reference data, or the replication's own folder in it. Raises
    ``UnknownNameError`` for a name that is not available, and ``MissingReferenceError``, naming
    every absent file, if the data are not there.
    """
    if name not in _RUNNERS:
        raise UnknownNameError("replication", name, _RUNNERS)
    return _RUNNERS[name](Path(data_dir))


__all__ = [
    "Comparison",
    "MissingReferenceError",
    "ReplicationReport",
    "ReplicationRow",
    "available",
    "run",
]
