"""The gegravity sample, from gravity variables to a one-sector calibration."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from tula.equilibrium import Calibration
from tula.replicate.report import require_files
from tula.shapes import Float
from tula.world.balancing import gras
from tula.world.economy import Provenance
from tula.world.labels import Labels

Array = np.ndarray

FOLDER = "gegravity_sample"
SAMPLE = "sample_data_set.dlm"
RESULTS = "expected_country_results_CAN_JPN_pta.csv"

#: The two countries that agree, and the one whose inward resistance is held at one.
PARTNERS = ("CAN", "JPN")
REFERENCE = "DEU"
#: Largest gap of a country's output or spending, as a share of the world's, in fitted trade.
MARGIN_TOLERANCE = 1e-14

#: Elasticity of substitution and gravity coefficients of the package's example
#: (examples/examples_OneSectorGE.py, estimated by PPML on the sample). The constant drops out.
SIGMA = 5.0
COEFFICIENTS = {
    "lndist": -0.3898623,
    "contiguity": 0.891577,
    "common_language": 0.0326249,
    "pta": 0.4711383,
    "international": -3.412584,
}


@dataclass(frozen=True, eq=False)
class GravityData:
    """A one-sector world whose base trade is the fitted gravity model, and the agreement.

    ``trade_cost_hat`` (1, N, I) is the change in iceberg cost; ``results`` the package's table,
    by country.
    """

    calibration: Calibration
    trade_cost_hat: Float[Array, "1 N I"]
    results: pd.DataFrame


def load(data_dir: Path) -> GravityData:
    """Read sample and results. Raises ``MissingReferenceError`` if files are absent."""
    folder = data_dir if (data_dir / SAMPLE).is_file() else data_dir / FOLDER
    require_files(folder, [SAMPLE, RESULTS])
    sample = pd.read_csv(folder / SAMPLE)
    countries = tuple(sorted(sample["importer"].unique()))
    between = sample["importer"].isin(PARTNERS) & sample["exporter"].isin(PARTNERS)
    agreed = sample.assign(pta=sample["pta"].where(~(between & (sample["international"] == 1)), 1))
    ease, eased = _ease(sample, countries), _ease(agreed, countries)
    return GravityData(
        calibration=_calibration(sample, countries, ease),
        trade_cost_hat=((eased / ease) ** (-1.0 / (SIGMA - 1.0)))[None],
        results=pd.read_csv(folder / RESULTS, index_col="country").loc[list(countries)],
    )


def _ease(sample: pd.DataFrame, countries: tuple[str, ...]) -> Float[Array, "N I"]:
    """Return trade cost to the power 1 - sigma, importers in rows."""
    index = sum(weight * sample[name] for name, weight in COEFFICIENTS.items())
    table = sample.assign(ease=np.exp(index)).pivot(
        index="importer", columns="exporter", values="ease"
    )
    return table.loc[list(countries), list(countries)].to_numpy()


def _calibration(
    sample: pd.DataFrame, countries: tuple[str, ...], ease: Float[Array, "N I"]
) -> Calibration:
    output = _first(sample, "exporter", "Y", countries)
    spending = _first(sample, "importer", "E", countries)
    spending = spending * output.sum() / spending.sum()
    trade = gras(ease, spending, output, MARGIN_TOLERANCE)
    n = len(countries)
    return Calibration(
        labels=Labels(countries, ("TRADE",)),
        trade_share=(trade / trade.sum(axis=1, keepdims=True))[None],
        value_added_share=np.ones((n, 1)),
        input_share=np.zeros((n, 1, 1)),
        final_share=np.ones((n, 1)),
        tariff=np.zeros((1, n, n)),
        export_tax=np.zeros((1, n, n)),
        trade_elasticity=np.array([SIGMA - 1.0]),
        expenditure=spending[:, None],
        output=output[:, None],
        value_added=output,
        imbalance=spending - output,
        provenance=Provenance("gegravity-sample", "2006", ("gegravity 0.3, sample_data_set.dlm",)),
        elasticity_source="gegravity example, sigma = 5",
    )


def _first(
    sample: pd.DataFrame, by: str, column: str, countries: tuple[str, ...]
) -> Float[Array, " N"]:
    """Return a country's figure, which the sample repeats on every row of the country."""
    return sample.groupby(by)[column].first().loc[list(countries)].to_numpy(dtype=np.float64)
