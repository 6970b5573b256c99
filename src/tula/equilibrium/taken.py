"""What people take along from a solution or a batch: labelled metrics, loaded when asked for.

The one place of this room that leads upstairs, to the metrics, and only when it is called.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr


class Taken:
    """A base for what every metric reads."""

    def to_dataset(self, metrics: Iterable[str] | None = None) -> xr.Dataset:
        """Return metrics, all of them by default, as one dataset with provenance and proof.

        Each variable states unit, base and sign in its attributes; names stand beside the codes
        (``region_name``). Raises ``UnknownNameError`` for a name that is no metric.
        """
        from tula.metrics.tables import dataset

        return dataset(self, metrics)  # type: ignore[arg-type]

    def to_frame(self, metrics: Iterable[str] | None = None) -> pd.DataFrame:
        """Return metrics as one long table, a row a number; columns as ``tl.metrics.tidy``.

        All metrics by default; many have a cell for every sector and pair of regions. Errors as
        ``to_dataset``.
        """
        from tula.metrics.tables import tidy

        return tidy(*self.to_dataset(metrics).data_vars.values())
