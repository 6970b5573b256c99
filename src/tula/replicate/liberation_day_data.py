"""The data of Ignatenko and others (2025): 194 countries, from file to worlds and duties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from tula.errors import UnknownNameError
from tula.replicate.liberation_day_model import Duties, GravityWorld
from tula.replicate.report import require_files
from tula.shapes import Float

Array = np.ndarray

FOLDER = "liberation_day"
INPUTS = "liberation_day_inputs.npz"
PUBLISHED = "published_tables_parsed.csv"

PIVOT = "USA"
#: The members that the source counts (its id_EU); Czechia and Slovakia are not among them.
EUROPEAN_UNION = (
    *("AUT", "BEL", "BGR", "CYP", "DEU", "DNK", "ESP", "EST", "FIN", "FRA", "GRC", "HRV", "HUN"),
    *("IRL", "ITA", "LTU", "LUX", "LVA", "MLT", "NLD", "POL", "PRT", "ROU", "SVN", "SWE"),
)
#: Share of value added in variable cost with input-output links (source, main_io, beta).
VALUE_ADDED_SHARE = 0.49
#: Least rate of the duties announced (source; Executive Order 14257).
LEAST_DUTY = 0.10


@dataclass(frozen=True, eq=False)
class LiberationDayData:
    """Worlds and duties; N countries.

    ``world`` the baseline; ``partial`` with a quarter of the pass-through to firms' prices;
    ``simple`` without fixed costs and selection; ``roundabout`` with input-output links.
    ``announced`` (N,) the rates announced on each country's exports, zero for the pivot; ``gdp``
    (N,) the weights of averages with input-output links, thousand USD; ``members`` the places of
    the groups the source reports.
    """

    regions: tuple[str, ...]
    world: GravityWorld
    partial: GravityWorld
    simple: GravityWorld
    roundabout: GravityWorld
    announced: Float[Array, " N"]
    gdp: Float[Array, " N"]
    members: Mapping[str, Array]

    def place(self, region: str) -> int:
        """Return the row of a region; ``UnknownNameError`` if it has none."""
        if region not in self.regions:
            raise UnknownNameError("region", region, self.regions)
        return self.regions.index(region)

    @property
    def flows(self) -> Float[Array, "N N"]:
        """Base trade by importer (row) and exporter (column), thousand USD."""
        return np.asarray(self.world.share * self.world.spending[:, None])


def folder_of(data_dir: Path) -> Path:
    """Return the folder with the files: the one given, or the one inside it."""
    return data_dir if (data_dir / INPUTS).is_file() else data_dir / FOLDER


def load(folder: Path) -> LiberationDayData:
    """Read the inputs. Raises ``MissingReferenceError`` if the file is absent."""
    require_files(folder, [INPUTS])
    with np.load(folder / INPUTS) as stored:
        raw = {name: stored[name] for name in stored.files}
    regions = tuple(str(code) for code in raw["iso3"])
    world = _baseline(raw, regions.index(PIVOT))
    flows = np.ascontiguousarray(raw["X_ji"].T)
    announced = np.maximum(LEAST_DUTY, raw["us_tariff"])
    announced[world.pivot] = 0.0
    return LiberationDayData(
        regions=regions,
        world=world,
        partial=replace(world, duty_exponent=raw["Phi_025"]),
        simple=without_fixed_costs(world),
        roundabout=with_inputs(world, flows),
        announced=announced,
        gdp=_recorded_income(world, flows),
        members=_members(regions),
    )


def _baseline(raw: Mapping[str, Array], pivot: int) -> GravityWorld:
    spending = raw["E"]
    return GravityWorld(
        share=(raw["X_ji"] / raw["E"]).T,
        spending=spending,
        income=raw["Y"],
        transfer=raw["T"],
        final_spending=spending,
        fixed_cost_share=raw["nu"],
        duty_exponent=raw["Phi_benchmark"],
        trade_elasticity=float(raw["eps"]),
        labour_elasticity=float(raw["kappa"]),
        scale_elasticity=float(raw["psi"]),
        value_added_share=1.0,
        pivot=pivot,
    )


def without_fixed_costs(world: GravityWorld) -> GravityWorld:
    """Return the world in which sellers keep all they earn and duties act one for one."""
    sales = (world.share * world.spending[:, None]).sum(axis=0)
    return replace(
        world,
        income=sales,
        transfer=world.spending - sales,
        fixed_cost_share=np.zeros_like(sales),
        duty_exponent=np.ones_like(sales),
    )


def with_inputs(world: GravityWorld, flows: Float[Array, "N N"]) -> GravityWorld:
    """Return the world with roundabout production: home sales grow by what home inputs add."""
    beta, nu = VALUE_ADDED_SHARE, world.fixed_cost_share
    gross = flows.copy()
    np.fill_diagonal(gross, np.diag(flows) / beta)
    spending = gross.sum(axis=1)
    sales = (1.0 - nu) @ gross
    income = beta * sales + nu * spending
    transfer = spending - income - (1.0 - beta) * sales
    return replace(
        world,
        share=gross / spending[:, None],
        spending=spending,
        income=income,
        transfer=transfer,
        final_spending=income + transfer,
        value_added_share=beta,
    )


def _recorded_income(world: GravityWorld, flows: Float[Array, "N N"]) -> Float[Array, " N"]:
    """Return recorded GDP, which the baseline's income exceeds by nu times net sales abroad."""
    nu = world.fixed_cost_share
    abroad = (1.0 - nu) @ (flows * (1.0 - np.eye(len(nu))))
    return np.asarray(world.income - nu * abroad)


def _members(regions: tuple[str, ...]) -> dict[str, Array]:
    codes = np.array(regions)
    pivot, union = codes == PIVOT, np.isin(codes, EUROPEAN_UNION)
    return {
        PIVOT: pivot,
        "CHN": codes == "CHN",
        "EU": union,
        "RoW": ~(pivot | union | (codes == "CHN")),
        "non-US": ~pivot,
    }


def announced_duties(data: LiberationDayData, *, answered: bool = False) -> Duties:
    """Return the rates announced, alone or answered by each partner with the same rate."""
    return Duties(data.announced, data.announced * float(answered))
