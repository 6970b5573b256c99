from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
import xarray as xr

import made_answer
from made_data import made_data
from tula.report.view import View
from tula.study.manifest import (
    CertificateRecord,
    EvidenceRecord,
    FailureRecord,
    InstrumentRecord,
    Manifest,
    NumberRecord,
    ScenarioRecord,
)
from tula.study.results import StudyResults
from tula.study.schema import Published
from tula.world import codes
from tula.world.economy import Provenance

Array = np.ndarray
SMALL = ("IND", "RUS", "USA", "CHN", "REU", "SGP", "ROW")
SECTORS = ("AGR", "OIL", "TEX", "MAC", "ICT")
CLOSURES = {"fixed": "trade imbalances held fixed", "balanced": "imbalances removed first"}
ELASTICITIES = {"FGO": "Fontagne, Guimbard and Orefice (2022)", "CP": "Caliendo and Parro (2015)"}
TITLES = (
    ("tariff", "The United States adds 50 points of duty on Indian goods", -0.23),
    ("oil", "India stops buying Russian crude", -0.06),
    ("eaeu", "Free trade with the Eurasian Economic Union", 0.012),
    ("labour", "Indian workers for Russian firms", 0.004),
)
EFFECT = {
    "tariff": {"IND": -0.23, "RUS": 0.002, "USA": -0.024},
    "oil": {"IND": -0.06, "RUS": -9.8, "USA": 0.003},
    "eaeu": {"IND": 0.012, "RUS": 0.031, "USA": -0.0004},
    "labour": {"IND": 0.004, "RUS": 0.02, "USA": 0.0},
}


def _numbers(
    scenarios: Sequence[str], regions: Sequence[str], sectors: Sequence[str]
) -> xr.Dataset:
    """Draw every variable of the contract; incomes follow ``EFFECT`` where it names the cell."""
    draw = np.random.default_rng(5)
    data = made_data(draw, scenarios, list(CLOSURES), list(ELASTICITIES), regions, sectors)
    spending = xr.DataArray(draw.lognormal(14.2, 1.0, len(regions)), dims="region")
    for scenario in scenarios:
        for region, value in EFFECT.get(scenario, {}).items():
            if region in regions:
                cell = {"scenario": scenario, "region": region}
                data["real_income"].loc[cell] = value * np.array([[1.0, 1.35], [0.9, 1.2]])
    data["ev"] = (data.real_income / 100 * spending).assign_attrs(data.ev.attrs)
    known = {**{code: name for code, (name, _) in codes.REGIONS.items()}}
    names = {code: name for code, (name, _) in codes.SECTORS.items()}
    return data.assign_coords(
        region_name=("region", [known.get(code, f"Place {code}") for code in regions]),
        sector_name=("sector", [names.get(code, f"Branch {code}") for code in sectors]),
        sector_is_goods=("sector", [code in codes.GOODS for code in sectors]),
    )


def _scenario(name: str, title: str, change: float) -> ScenarioRecord:
    proofs = tuple(
        CertificateRecord(
            closure=closure,
            elasticity=elasticity,
            iterations=41,
            tolerance=1e-10,
            worst_residual=6.4e-11,
            equation="goods market",
            region="RUS",
            sector="OIL",
            walras=3e-14,
        )
        for closure in CLOSURES
        for elasticity in ELASTICITIES
    )
    return ScenarioRecord(
        id=name,
        title=title,
        hook="As announced in 2025.",
        answer=f"India's real income changes by about {change} % a year.",
        instruments=(
            InstrumentRecord(text="Import duty of 50 points on Indian goods", evidence=("F01",)),
            InstrumentRecord(
                text="Trade costs up by 4 %",
                assumed=(
                    NumberRecord(
                        key="scenarios.S1.instruments.trade_cost.add",
                        title="Trade cost of sanctions",
                        value="4 % (2 % to 15 %)",
                        reason="Own",
                    ),
                ),
            ),
        ),
        ledger=("tariff: 19 cells", "trade cost: 4 cells"),
        notes=("Services are not touched.",),
        certificates=proofs,
    )


def build(
    *,
    scenarios: int = len(TITLES),
    regions: Sequence[str] = SMALL,
    sectors: Sequence[str] = SECTORS,
    published: bool = True,
    pivot: str = "IND",
    rivals: tuple[str, ...] = ("USA", "RUS"),
) -> StudyResults:
    """Return made-up results of a study with the shape of a real one."""
    chosen = TITLES[:scenarios]
    data = _numbers([name for name, _, _ in chosen], regions, sectors)
    band = Published(
        scenario="tariff",
        source="A central bank",
        region=pivot,
        metric="output",
        units="%",
        low=-0.25,
        high=-0.2,
        note="multi-sector trade model",
        url="https://example.org/bank",
    )
    facts = tuple(
        EvidenceRecord(
            id=name,
            theme="duties",
            fact="A duty of 25 points was added",
            date="2025-08-06",
            source="Official gazette",
            url="https://example.org/gazette",
            grade="A",
        )
        for name in ("F01", "F02")
    )
    manifest = Manifest(
        id="test-study",
        title="India between two powers",
        question="Can India keep its balance between the United States and Russia?",
        answer="Yes, at a price of 0.2 % of income. The oil matters more than the arms.",
        pivot=pivot,
        rivals=rivals,
        world=Provenance(
            name="test world", vintage="2024", sources=("Drawn for tests",), content_hash="ab" * 32
        ),
        versions={"tula": "0.1.0", "numpy": "2.3"},
        study_hash="0123456789abcdef" * 4,
        seed=7,
        headline_closure="fixed",
        headline_elasticity="FGO",
        horizon="long run",
        closures=dict(CLOSURES),
        elasticities=dict(ELASTICITIES),
        scenarios=tuple(_scenario(*row) for row in chosen),
        evidence=facts,
        assumptions=(
            NumberRecord(
                key="beliefs.redirected",
                title="Share of crude redirected",
                value="0.5 (0 to 0.9)",
                reason="Spread",
            ),
        ),
        published=(band,) if published else (),
    )
    return StudyResults(manifest, data)


def with_failure(results: StudyResults) -> StudyResults:
    """Let one solve of the first scenario fail: its numbers are missing, the manifest says so."""
    first = results.manifest.scenarios[0]
    failed = FailureRecord(closure="balanced", elasticity="CP", message="no equilibrium found")
    records = (first.model_copy(update={"failures": (failed,)}), *results.manifest.scenarios[1:])
    data = results.data.copy(deep=True)
    cell = {"scenario": first.id, "closure": "balanced", "elasticity": "CP"}
    data["real_income"].loc[cell] = np.nan
    data["ev"].loc[cell] = np.nan
    changes = {"scenarios": records, "hashes": {}}
    return StudyResults(results.manifest.model_copy(update=changes), data)


@pytest.fixture(scope="session")
def build_results() -> Callable[..., StudyResults]:
    """The factory ``build_results(scenarios=..., regions=..., published=...)``."""
    return build


@pytest.fixture(scope="session")
def results() -> StudyResults:
    return build()


@pytest.fixture(scope="session")
def results_with_failure() -> StudyResults:
    return with_failure(build())


@pytest.fixture(scope="session")
def answered(results: StudyResults) -> Callable[..., View]:
    """The factory ``answered(**changes)`` of a view of a study with an answer."""
    return lambda **changes: View(made_answer.answered(results, made_answer.answer(**changes)))
