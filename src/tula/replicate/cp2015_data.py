"""The NAFTA data of Caliendo and Parro (2015), from file to calibration."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from tula.equilibrium import Calibration, Closure, solve
from tula.policy.shock import Shock, no_shock
from tula.replicate.report import require_files
from tula.shapes import Float
from tula.world.economy import Provenance
from tula.world.labels import Labels

Array = np.ndarray

FOLDER = "cp2015_nafta"
INPUTS = "cp2015_nafta_inputs.npz"
SCENARIOS = "tariff_scenarios.npz"
MEMBERS = ("Mexico", "Canada", "USA")
MILLION = 1e6


@dataclass(frozen=True, eq=False)
class NaftaData:
    """Base of 1993 and the tariffs after NAFTA; 31 regions, 40 sectors.

    ``calibration`` holds the recorded shares and factor income, and the spending they imply;
    ``nafta_tariff`` (S, N, I) the rates with NAFTA in force; ``gaps`` the consistency of the
    source in words.
    """

    calibration: Calibration
    nafta_tariff: Float[Array, "S N I"]
    gaps: tuple[str, ...]


def folder_of(data_dir: Path) -> Path:
    """Return the folder with the NAFTA files: the one given, or the one inside it."""
    return data_dir if (data_dir / INPUTS).is_file() else data_dir / FOLDER


def load(folder: Path) -> NaftaData:
    """Read the inputs. Raises ``MissingReferenceError`` if the file is absent."""
    require_files(folder, [INPUTS])
    with np.load(folder / INPUTS) as stored:
        raw = {name: stored[name] for name in stored.files}
    calibration = _calibration(raw)
    gaps = _gaps(calibration, raw["X_nj"] / MILLION)
    return NaftaData(calibration, importer_first(raw["tau1_nij"]), gaps)


def importer_first(stored: Float[Array, "N I S"]) -> Float[Array, "S N I"]:
    """Reorder the source's (importer, exporter, sector) to sector, importer, exporter."""
    return np.ascontiguousarray(stored.transpose(2, 0, 1))


def settle(calibration: Calibration, closure: Closure, policy: Shock | None = None) -> Calibration:
    """Return the calibration of the equilibrium the shares imply, under given policy or none.

    The source's final shares were adjusted, so that its recorded factor incomes do not quite
    clear the goods markets. Its authors' base is the equilibrium of the model, and so is this.
    """
    still = no_shock(calibration.labels, calibration.tariff, calibration.export_tax)
    base = solve(calibration, policy or still, closure=closure)
    return replace(
        base.calibration,
        trade_share=base.trade_share,
        tariff=base.shock.tariff,
        expenditure=base.expenditure,
        output=base.output,
        value_added=base.value_added,
        imbalance=base.imbalance,
    )


def _calibration(raw: dict[str, Array]) -> Calibration:
    tariff, share = importer_first(raw["tau0_nij"]), importer_first(raw["pi_nij"])
    income, imbalance = raw["wL_n"] / MILLION, raw["D_n"] / MILLION
    spending = spending_from_shares(
        share / (1.0 + tariff), tariff, raw["gamma_nkj"], raw["alpha_nj"], income + imbalance
    )
    border = share / (1.0 + tariff) * spending.T[:, :, None]
    return Calibration(
        labels=Labels(tuple(map(str, raw["regions"])), tuple(map(str, raw["sectors"]))),
        trade_share=share,
        value_added_share=raw["gamma_nj"],
        input_share=raw["gamma_nkj"],
        final_share=raw["alpha_nj"],
        tariff=tariff,
        export_tax=np.zeros_like(tariff),
        trade_elasticity=raw["theta"],
        expenditure=spending,
        output=border.sum(axis=1).T,
        value_added=income,
        imbalance=imbalance,
        provenance=Provenance(
            "cp2015-nafta", "1993", ("Caliendo and Parro (2015), replication data",)
        ),
        elasticity_source="Caliendo and Parro (2015), as used in section 5.1",
    )


def spending_from_shares(
    border_share: Float[Array, "S N I"],
    tariff: Float[Array, "S N I"],
    input_share: Float[Array, "N K S"],
    final_share: Float[Array, "N S"],
    income: Float[Array, " N"],
) -> Float[Array, "N S"]:
    """Solve ``X = inputs(Y(X)) + final_share (income + revenue(X))`` for spending, million USD."""
    sectors, regions, _ = border_share.shape
    # Rows (n, k): spending of n on k; columns (m, s): spending of m on s that it responds to.
    demand = np.einsum("nks,smn->nkms", input_share, border_share)
    duty = (tariff * border_share).sum(axis=2)
    for n in range(regions):
        demand[n, :, n, :] += np.outer(final_share[n], duty[:, n])
    system = np.eye(regions * sectors) - demand.reshape(regions * sectors, -1)
    final = (final_share * income[:, None]).ravel()
    return np.asarray(np.linalg.solve(system, final).reshape(regions, sectors))


def _gaps(calibration: Calibration, recorded: Float[Array, "N S"]) -> tuple[str, ...]:
    spending, regions = calibration.expenditure, calibration.labels.regions
    shift = np.abs(spending - recorded).sum(axis=1) / recorded.sum(axis=1)
    paid = (calibration.value_added_share * calibration.output).sum(axis=1)
    wages = np.abs(paid / calibration.value_added - 1.0)
    return (
        f"spending implied by the recorded shares and incomes differs from recorded spending by "
        f"sector by up to {shift.max():.1%} of a region's total ({regions[int(shift.argmax())]})",
        f"factor payments at that spending differ from recorded factor income by up to "
        f"{wages.max():.2%} ({regions[int(wages.argmax())]}); the model's own equilibrium is the "
        "base",
    )
