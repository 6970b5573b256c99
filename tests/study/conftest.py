import numpy as np
import pytest
import xarray as xr

import toy_answer
from made_data import made_data
from tula.strategy.answer.result import Answer
from tula.study.asked import answered
from tula.study.load import Study, load_study
from tula.study.manifest import (
    CertificateRecord,
    EvidenceRecord,
    InstrumentRecord,
    Manifest,
    ScenarioRecord,
)
from tula.study.results import StudyResults
from tula.world.economy import Provenance

REGIONS, SECTORS = ["AAA", "BBB", "CCC"], ["AGR", "SRV"]
SCENARIOS, CLOSURES = ["S0", "S1"], ["fixed", "balanced"]


def sample_data() -> xr.Dataset:
    draw = np.random.default_rng(7)
    data = made_data(draw, SCENARIOS, CLOSURES, ["FGO"], REGIONS, SECTORS)
    return data.assign_coords(
        region_name=("region", ["Aland", "Beland", "Celand"]),
        sector_name=("sector", ["Farming", "Services"]),
        sector_is_goods=("sector", [True, False]),
    )


def sample_manifest() -> Manifest:
    proof = CertificateRecord(
        closure="fixed",
        elasticity="FGO",
        iterations=12,
        tolerance=1e-10,
        worst_residual=3e-12,
        equation="goods market",
        region="AAA",
        walras=1e-15,
    )
    scenario = ScenarioRecord(
        id="S1",
        title="A duty",
        hook="Aland meets a duty",
        answer="Aland loses.",
        instruments=(InstrumentRecord(text="BBB adds 25 pp on AAA", evidence=("F01",)),),
        certificates=(proof,),
    )
    fact = EvidenceRecord(
        id="F01",
        theme="duties",
        fact="A duty was announced",
        date="2025-08-06",
        source="Gazette",
        url="https://example.org",
        grade="A",
    )
    return Manifest(
        id="toy",
        title="Toy",
        question="Who pays?",
        answer="Aland.",
        pivot="AAA",
        rivals=("BBB", "CCC"),
        world=Provenance(name="toy", vintage="2024", sources=("made up for a test",)),
        versions={"tula": "0.1.0"},
        study_hash="0" * 64,
        seed=1,
        headline_closure="fixed",
        headline_elasticity="FGO",
        horizon="long run",
        closures={"fixed": "imbalance fixed", "balanced": "deficits purged first"},
        elasticities={"FGO": "a source"},
        scenarios=(scenario.model_copy(update={"id": "S0"}), scenario),
        evidence=(fact,),
    )


@pytest.fixture
def results() -> StudyResults:
    return StudyResults(sample_manifest(), sample_data())


@pytest.fixture(scope="session")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The toy study that asks for the answer."""
    folder = tmp_path_factory.mktemp("asking")
    return load_study(str(toy_answer.write(folder, toy_answer.ASKING)))


@pytest.fixture(scope="session")
def found(asking: Study) -> Answer:
    """What it is answered."""
    return answered(asking, 8)
