"""A small sound backtest beside the toy study, to be broken in tests."""

from pathlib import Path

from toy_study import STUDY, write_study

#: An outcome that stands nowhere else.
MARK = 42.4242

BACKTEST = f"""\
title: A toy looked back on
cutoff: 2025-06-30
draws: 16
models:
  - id: duties
    kind: trade
    inputs:
      scenarios: [S1]
      elasticity: own
      closure: fixed
      years: {{value: 1, low: 0.5, high: 2}}
      sigma_short: {{value: 0.8, low: 0.5, high: 1}}
      long_run: 3
    evidence:
      long_run: [F01]
    assumptions:
      years: A guess.
      sigma_short: A guess.
forecasts:
  - id: sales
    quantity: Sales to the USA
    unit: '%'
    kind: model
    method: sales
    sentence: As the world does.
    inputs: {{model: duties, scenario: S1, importer: USA, exporter: IND, sectors: goods, trend: 0}}
    assumptions:
      trend: None.
  - id: permits
    quantity: Permits
    unit: permits
    kind: prior
    method: between
    sentence: Anything between.
    inputs: {{low: 10, high: 90}}
    evidence:
      low: [F01]
      high: [F01]
  - id: law
    quantity: A law
    unit: probability
    kind: judgement
    method: judgement
    sentence: Somebody thinks so.
    inputs: {{probability: {{value: 0.8, low: 0.7, high: 0.9}}}}
    assumptions:
      probability: A hunch.
benchmarks:
  permits:
    persistence: {{value: 20, evidence: [F01], source: last year}}
    published:
      - {{low: 30, high: 40, evidence: [F03], source: Gazette}}
      - {{value: 44, evidence: [F03], source: Herald}}
  law:
    persistence: {{value: 0, evidence: [F01], source: no law}}
outcomes:
  sales: {{value: -10, evidence: [F03]}}
  permits: {{value: {MARK}, evidence: [F03]}}
  law: {{value: 1, evidence: [F03]}}
"""

FACT = """\
  - id: {name}
    theme: toys
    date: '{date}'
    fact: A toy fact.
    source: Toy Gazette
    url: https://example.org/{name}
    grade: A
"""

DATES = {
    "F01": "2025-01-05",
    "F02": "2024",
    "F03": "2026-02-07",
    "F04": "2025-06",
    "F05": "FY25",
    "F06": "2025",
}
EVIDENCE = "facts:\n" + "".join(FACT.format(name=name, date=date) for name, date in DATES.items())


def write_backtest(folder: Path, backtest: str = BACKTEST, study: str = STUDY) -> Path:
    """Write a backtest with its study, evidence and world into a folder; return its file."""
    write_study(folder, study, EVIDENCE)
    path = folder / "backtest.yaml"
    path.write_text(backtest, encoding="utf-8")
    return path
