"""Where the numbers come from: study, world, versions, and the proof of every solve."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from tula.report.part import Part
from tula.report.parts.map.world import world_map
from tula.study.manifest import CertificateRecord


@dataclass(frozen=True)
class Proof:
    """The worst of all certificates, and the equation, place and scenario it stands in."""

    solves: int
    failures: int
    worst: CertificateRecord
    place: str
    walras: float


class Provenance(Part):
    """The account of the run."""

    link = "Provenance"

    @cached_property
    def proof(self) -> Proof | None:
        """The largest residual over all solves; none if no solve left a certificate."""
        scenarios = self.view.manifest.scenarios
        every = [(proof, record.id) for record in scenarios for proof in record.certificates]
        if not every:
            return None
        worst, scenario = max(every, key=lambda pair: pair[0].worst_residual)
        failures = sum(len(record.failures) for record in scenarios)
        walras = max(abs(proof.walras) for proof, _ in every)
        names = {**self.view.region_names, **self.view.sector_names}
        where = [names.get(code, code) for code in (worst.region, worst.sector) if code]
        place = ", ".join([worst.equation, *where, f"scenario {scenario}"])
        return Proof(len(every), failures, worst, place, walras)

    @property
    def map_note(self) -> str:
        """Where the shapes of the map come from."""
        return str(world_map()["note"])
