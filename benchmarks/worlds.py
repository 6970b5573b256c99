"""Economies the benchmarks run on, read from reference data or drawn from a seed."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from tula.equilibrium.calibration import Calibration, calibrate
from tula.policy.shock import Shock, no_shock
from tula.world.economy import Economy, Provenance
from tula.world.labels import Labels
from tula.world.store import load_world

Array = np.ndarray
ROOT = Path(__file__).resolve().parent.parent

#: Sectors of the reference table on which the United States' extra duty on India was not levied.
EXEMPT = ("COA", "OIL", "PET", "PHA", "ELE", "MIN")


def reference_folder() -> Path | None:
    """Folder named by ``TULA_REFERENCE_DATA``, or its default; ``None`` where it is absent."""
    folder = Path(os.environ.get("TULA_REFERENCE_DATA", ROOT.parent / "shared" / "data"))
    return folder if folder.is_dir() else None


def require_reference() -> Path:
    """Return the reference folder; raises ``FileNotFoundError`` where it is absent."""
    folder = reference_folder()
    if folder is None:
        raise FileNotFoundError("no reference data: set TULA_REFERENCE_DATA")
    return folder


def icio_2022(folder: Path) -> Economy:
    """The exact 33 x 25 table of 2022 with elasticity FGO capped at 8 (goods) and 4 (services)."""
    with np.load(folder / "icio2022_33x25.npz") as data:
        regions, sectors = tuple(map(str, data["regions"])), tuple(map(str, data["sectors"]))
        n, s = len(regions), len(sectors)
        names = [str(name) for name in data["elasticity_names"]]
        raw = data["elasticity"][names.index("FGO")]
        services = sectors.index("UTL")
        theta = np.where(np.arange(s) < services, np.minimum(raw, 8.0), np.minimum(raw, 4.0))
        return Economy(
            labels=Labels(regions, sectors),
            intermediate=data["Z"].astype(float).reshape(n, s, n, s),
            final=data["F"].astype(float).reshape(n, s, n),
            tariff=data["tariff"].astype(float).transpose(1, 2, 0),
            export_tax=np.zeros((s, n, n)),
            trade_elasticity=theta,
            elasticity_source="FGO, capped at 8 for goods and 4 for services",
            provenance=Provenance("icio-2022-33x25", "2022", ("OECD ICIO, 2025 release",)),
        )


def us_duty_on_india(economy: Economy | Calibration, rate: float = 0.5) -> Shock:
    """Fifty percentage points on Indian goods in the United States, exempt sectors left out."""
    labels = economy.labels
    goods = labels.sectors[: labels.sectors.index("UTL")]
    hit = [labels.sectors.index(code) for code in goods if code not in EXEMPT]
    tariff = np.array(economy.tariff)
    tariff[hit, labels.region_index("USA"), labels.region_index("IND")] += rate
    return no_shock(labels, tariff, economy.export_tax)


def duty(base: Calibration, importer: str, exporter: str, points: float) -> Shock:
    """Extra duty of one importer on everything it buys from one exporter, as a fraction."""
    labels = base.labels
    tariff = np.array(base.tariff)
    tariff[:, labels.region_index(importer), labels.region_index(exporter)] += points
    return no_shock(labels, tariff, base.export_tax)


def calibrated(size: str) -> Calibration:
    """The world of a size: embedded, of the optional data package, or drawn from a seed."""
    names = {"33x25": "icio-2024", "81x50": "icio-2022-full"}
    if size in names:
        return calibrate(load_world(names[size]))
    n, s = map(int, size.split("x"))
    return drawn(n, s)


def cp2015(folder: Path) -> tuple[Calibration, Shock]:
    """Caliendo and Parro's 31 x 40 world of 1993 as read, and NAFTA's own tariff changes.

    The final shares do not fit the recorded spending (negative final demand was set to zero), so
    the economy has to be settled at its own policy before anything is compared with it.
    """
    with np.load(folder / "cp2015_nafta" / "cp2015_nafta_inputs.npz") as data:
        inputs = {name: data[name] for name in data.files}
    with np.load(folder / "cp2015_nafta" / "tariff_scenarios.npz") as data:
        nafta = data["tau_nafta"].astype(float).transpose(2, 0, 1)
    labels = Labels(tuple(map(str, inputs["regions"])), tuple(map(str, inputs["sectors"])))
    share = inputs["pi_nij"].transpose(2, 0, 1)
    tariff = inputs["tau0_nij"].transpose(2, 0, 1)
    spending = inputs["X_nj"] / 1e6
    calibration = Calibration(
        labels=labels,
        trade_share=share,
        value_added_share=inputs["gamma_nj"],
        input_share=inputs["gamma_nkj"],
        final_share=inputs["alpha_nj"],
        tariff=tariff,
        export_tax=np.zeros_like(tariff),
        trade_elasticity=inputs["theta"],
        expenditure=spending,
        output=np.einsum("sni,ns->is", share / (1.0 + tariff), spending),
        value_added=inputs["wL_n"] / 1e6,
        imbalance=inputs["D_n"] / 1e6,
        provenance=Provenance("cp2015", "1993", ("Caliendo and Parro (2015)",)),
        elasticity_source="Caliendo and Parro (2015)",
    )
    return calibration, no_shock(labels, nafta, calibration.export_tax)


def drawn(n: int, s: int, seed: int = 0) -> Calibration:
    """A home-biased world of n regions and s sectors drawn from a seed, as a calibration."""
    draw = np.random.default_rng(seed)
    weight = draw.lognormal(0.0, 1.0, (s, n, n))
    weight[:, np.arange(n), np.arange(n)] += 5.0 * n
    share = weight / weight.sum(axis=2, keepdims=True)
    tariff = draw.uniform(0.0, 0.1, (s, n, n))
    tariff[:, np.arange(n), np.arange(n)] = 0.0
    inputs = draw.uniform(0.0, 1.0, (n, s, s))
    inputs *= draw.uniform(0.3, 0.6, (n, 1, s)) / inputs.sum(axis=1, keepdims=True)
    final = draw.uniform(0.5, 1.5, (n, s)) * draw.lognormal(8.0, 1.5, (n, 1))
    spending, extra = final, final
    while extra.max() > 1e-15 * spending.max():
        made = ((extra.T[:, None, :] @ (share / (1.0 + tariff)))[:, 0]).T
        extra = (inputs @ made[:, :, None])[:, :, 0]
        spending = spending + extra
    output = ((spending.T[:, None, :] @ (share / (1.0 + tariff)))[:, 0]).T
    earned = ((1.0 - inputs.sum(axis=1)) * output).sum(axis=1)
    duties = (spending.T * (share * tariff / (1.0 + tariff)).sum(axis=2)).sum(axis=0)
    return Calibration(
        labels=Labels(tuple(f"R{i:03d}" for i in range(n)), tuple(f"S{i:03d}" for i in range(s))),
        trade_share=share,
        value_added_share=1.0 - inputs.sum(axis=1),
        input_share=inputs,
        final_share=final / final.sum(axis=1, keepdims=True),
        tariff=tariff,
        export_tax=np.zeros_like(tariff),
        trade_elasticity=draw.uniform(2.0, 8.0, s),
        expenditure=spending,
        output=output,
        value_added=earned,
        imbalance=final.sum(axis=1) - earned - duties,
        provenance=Provenance(f"drawn-{n}x{s}", "none", ("drawn for benchmarks",)),
        elasticity_source=f"drawn, seed {seed}",
    )


def seven() -> Economy:
    """A made world of seven regions and 33 sectors without inputs, for wars over every cell."""
    draw, (n, s) = np.random.default_rng(0), (7, 33)
    size = np.exp(draw.normal(0.0, 0.8, n))
    flow = np.exp(draw.normal(0.0, 1.6, (n, s, n))) * size[:, None, None] * size
    flow[np.arange(n), :, np.arange(n)] *= 30.0
    return Economy(
        labels=Labels(tuple("ABCDEFG"), tuple(f"S{k:02d}" for k in range(s))),
        intermediate=np.zeros((n, s, n, s)),
        final=3e7 * flow / flow.sum(),
        tariff=np.zeros((s, n, n)),
        export_tax=np.zeros((s, n, n)),
        trade_elasticity=np.exp(draw.uniform(np.log(0.9), np.log(9.0), s)),
        elasticity_source="drawn, seed 0",
        provenance=Provenance("drawn-7x33", "none", ("drawn for benchmarks",)),
    )


def plain_calibration(economy: Economy, floor: float = 0.02) -> Calibration:
    """Base shares worked out apart from ``tula.equilibrium``: the check of its calibration.

    Value added is output less purchaser-priced inputs, at least ``floor`` of output; the inputs
    of a sector lifted to the floor shrink in proportion and final spending takes up the rest.
    """
    paid = (1.0 + economy.export_tax) * (1.0 + economy.tariff)
    flow = (economy.intermediate.sum(axis=3) + economy.final).transpose(1, 2, 0)
    output = economy.intermediate.sum(axis=(2, 3)) + economy.final.sum(axis=2)
    inputs = np.einsum("isnk,sni->nsk", economy.intermediate, paid)
    spent = inputs.sum(axis=1)
    ceiling = np.minimum(spent, (1.0 - floor) * output)
    inputs = inputs * (ceiling / np.where(spent > 0, spent, 1.0))[:, None, :]
    made = np.where(output > 0, output, 1.0)
    input_share = inputs / made[:, None, :]
    spending = (flow * paid).sum(axis=2).T
    final = spending - inputs.sum(axis=2)
    revenue = (flow * (paid - 1.0)).sum(axis=(0, 2)) - (flow * economy.export_tax).sum(axis=(0, 2))
    revenue = revenue + (flow * economy.export_tax).sum(axis=(0, 1))
    value_added = (output - inputs.sum(axis=1)).sum(axis=1)
    return Calibration(
        labels=economy.labels,
        trade_share=flow * paid / np.where(spending.T > 0, spending.T, 1.0)[:, :, None],
        value_added_share=1.0 - input_share.sum(axis=1),
        input_share=input_share,
        final_share=final / final.sum(axis=1, keepdims=True),
        tariff=economy.tariff,
        export_tax=economy.export_tax,
        trade_elasticity=economy.trade_elasticity,
        expenditure=spending,
        output=output,
        value_added=value_added,
        imbalance=final.sum(axis=1) - value_added - revenue,
        provenance=economy.provenance,
        elasticity_source=economy.elasticity_source,
    )
