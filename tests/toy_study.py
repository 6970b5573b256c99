"""A small sound study on a toy world, to be broken in tests."""

from pathlib import Path

import factories
from tula.world.store import save_world

STUDY = """\
format: 2
id: toy
title: A toy
question: What does a duty cost?
pivot: IND
rivals: [USA, RUS]
world: toy.nc
horizon: long run
evidence: evidence.yaml
headline: {closure: fixed, elasticity: own}
closures: [fixed, balanced]
elasticities:
  own: {set: world}
groups:
  regions: {west: [USA, ROW]}
scenarios:
  - id: S0
    title: Nothing
    hook: Nothing happens.
    facts: [F02]
  - id: S1
    title: Duty
    hook: A duty is put on India.
    instruments:
      - tariff:
          importer: USA
          exporter: IND
          sectors: goods
          add: 25 pp
          evidence: [F01]
  - id: S2
    title: Less oil
    hook: India buys less oil.
    notes: [The rent stays in India.]
    instruments:
      - import_cap:
          importer: IND
          exporter: RUS
          sectors: OIL
          rent_to: importer
          cut: {value: 40%, low: 20%, high: 60%, reason: nobody knows}
  - id: J
    title: Both
    hook: Both happen.
    combine: [S1, S2]
weigh: {keep: S1, give_way: S2}
published:
  - scenario: S1
    source: Somebody
    region: IND
    metric: GDP
    low: -0.4
    high: -0.2
    url: https://example.org/estimate
"""

FACT = """\
  - id: {name}
    theme: toys
    date: '2024'
    fact: A toy fact.
    value: 25
    unit: pp
    source: Toy Gazette
    url: https://example.org/{name}
    grade: A
"""

EVIDENCE = "facts:\n" + FACT.format(name="F01") + FACT.format(name="F02")


def write_study(folder: Path, study: str = STUDY, evidence: str = EVIDENCE) -> Path:
    """Write study, evidence and world into a folder; return the study file."""
    save_world(factories.toy_economy(), folder / "toy.nc")
    (folder / "evidence.yaml").write_text(evidence, encoding="utf-8")
    path = folder / "study.yaml"
    path.write_text(study, encoding="utf-8")
    return path
