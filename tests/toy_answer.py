"""A small sound study that asks for the answer, on a toy world, to be broken in tests."""

from pathlib import Path

import toy_study

#: Ids of facts: F01 of 2025-08-06 and F02, both before the day of the study.
EVIDENCE = toy_study.EVIDENCE.replace("date: '2024'", "date: '2025-08-06'", 1)
DAY = "horizon: long run\non: 2025-12-12\n"

BELIEFS = """\
beliefs:
  first-year: {value: 1.4, low: 1.2, high: 1.6, evidence: [F01]}
  replace: {value: 2, low: 1.6, high: 3, reason: A judgement.}
  penalty: {value: 25 pp, low: 10 pp, high: 50 pp, title: size of the duty, evidence: [F01]}
  designated: {value: 0.5, low: 0.2, high: 0.9, title: chance of a listing, reason: Nobody knows.}
  lost: {value: 0.5, low: 0, high: 1, title: rent that is lost, reason: Nobody knows.}
"""

SCENARIOS = """\
  - id: STOP
    title: No oil from Russia
    hook: India gives the oil up.
    instruments:
      - embargo: {importer: IND, exporter: RUS, sectors: OIL, evidence: [F02]}
  - id: PENALTY
    title: A duty for it
    hook: The duty is put on India.
    instruments:
      - tariff: {importer: USA, exporter: IND, sectors: goods, add: {belief: penalty}}
  - id: SHUNNED
    title: Firms shun the sellers
    hook: Banks fear for themselves.
    instruments:
      - import_cap:
          importer: IND
          exporter: RUS
          sectors: OIL
          at: 40%
          rent_to: importer
          evidence: [F02]
  - id: ALL
    title: Duty and listing together
    hook: Both happen.
    combine: [PENALTY, SHUNNED]
"""

TIES = """\
ties:
  - oil:
      id: crude-tie
      title: Crude from Russia
      partner: RUS
      hazard: {value: 0.5, evidence: [F01]}
      sector: OIL
      rent_lost: {value: 0.5, low: 0, high: 1, evidence: [F01]}
      gdp: {value: 4000, evidence: [F01]}
      replacement_time: {value: 0.25, evidence: [F01]}
      pressure: {designated: [one]}
      market:
        benchmark: 65
        fob_discount: 6
        supply: {flat_above: 40, zero_below: 30}
        elasticity: {value: 10, low: 5, high: 40}
        redirectable: 0.7
        spillover: 0.9
        world: {volume: 100, supply_elasticity: 0.15, demand_elasticity: -0.35}
        sellers: [{name: one, share: 0.7}]
        buyers:
          - {region: IND, need: 5, volume: 1.5, freight: 3, premium: 2}
          - {region: ROW, need: 20, volume: 3, freight: 2, premium: 2}
        evidence: [F01]
  - settlement:
      id: rails
      title: Payments
      partner: RUS
      exports: {value: 5, evidence: [F01]}
      imports: {value: 60, evidence: [F01]}
      local_share: {value: 0.5, evidence: [F01]}
      outlet: {value: 7, evidence: [F01]}
      placement_rate: {value: 0, evidence: [F01]}
      ceiling: {value: 10, evidence: [F01]}
      opening: {value: 0, evidence: [F01]}
      closures: {value: 1, evidence: [F01]}
      hazard: {value: 0.1, evidence: [F01]}
      sectors: [goods]
      replacement_time: {value: 2, evidence: [F01]}
      network:
        source: buyers
        sink: sellers
        nodes:
          - {name: buyers}
          - {name: dollars, exposed: true}
          - {name: roubles, local_currency: true}
          - {name: sellers}
        rails:
          - {start: buyers, end: dollars, capacity: 40, cost: 0.01}
          - {start: dollars, end: sellers, capacity: 40, cost: 0}
          - {start: buyers, end: roubles, capacity: 40, cost: 0.01, architecture: true}
          - {start: roubles, end: sellers, capacity: 40, cost: 0}
        evidence: [F01]
"""

ANSWER = """\
answer:
  pivot: IND
  announced: 2025-12-12
  since: 2025-10-12
  months: 2
  duties: base
  elasticity:
    first_year: {belief: first-year}
    long_run: {value: 3, reason: A round number.}
    speed: {value: 3.5, reason: A round number.}
  replace: {belief: replace}
  critical:
    - {id: crude, title: crude of Russia, bought_from: RUS, sectors: [OIL], by: volume}
    - {id: goods, title: goods sold to the United States, sold_to: USA, sectors: [goods]}
    - {id: payments, title: payments to Russia}
  demands:
    - {id: oil, title: no oil of Russia, by: USA, tie: crude, meeting: [STOP], evidence: [F01]}
  options:
    - {id: keep, title: leaving the choice to firms}
    - {id: stop, title: giving the oil up, scenarios: [STOP], meets: {oil: 1}}
  threats:
    - id: duty
      title: a duty for the oil
      demand: oil
      scenarios: [PENALTY]
      now: {value: 1, evidence: [F01]}
      months: {value: 12, reason: A year.}
      honoured: {value: 0.5, reason: A coin.}
  events:
    - id: listing
      title: firms heed the listing
      scenarios: [SHUNNED]
      rent_lost: {belief: lost}
      now: {belief: designated}
      months: {value: 6, reason: Half a year.}
      carried: {payments: {value: 0.6, evidence: [F02]}}
  break_offs:
    USA: {chance: {value: 0.02, evidence: [F01]}}
    RUS: {chance: {value: 0.02, evidence: [F01]}}
  moves:
    - id: banks
      title: other banks
      cost: {value: 0.001, reason: A guess.}
      beliefs: {designated: {value: 0.3, evidence: [F02]}}
"""

#: A fact of a day after the study's, forecasts, and what came of them.
LATER = toy_study.FACT.format(name="F03").replace("date: '2024'", "date: '2026-01-20'")
FORECASTS = """\
  forecasts:
    - id: oil-december
      title: oil of Russia in December
      unit: kb/d
      tie: crude
      first: 2025-12-01
      last: 2025-12-31
      times: {value: 100, evidence: [F01]}
    - id: duty-january
      title: duty in January
      unit: points
      duty: {sold_to: USA, sectors: goods}
      first: 2026-01-15
      plus: {value: 0, reason: Nothing before.}
    - {id: duty-stands, title: the duty stands, stands: duty, first: 2026-01-15}
    - {id: balance, title: balance in the first month, balanced: true, first: 2025-12-12}
    - {id: goods-kept, title: goods kept, kept: goods, first: 2025-12-12, last: 2026-02-01}
"""
BACKTEST = """\
backtest:
  oil-december:
    persistence: {value: 100, source: November, evidence: [F01]}
    published:
      - {low: 30, high: 40, source: Gazette, evidence: [F02]}
      - {value: 75, source: Herald, reading: words read so, evidence: [F03]}
    came: {value: 80, note: in a storm, evidence: [F03]}
  duty-stands:
    persistence: {value: 1, source: the duty in force, evidence: [F01]}
    came: {value: 0, evidence: [F03]}
  balance:
    persistence: {value: 1, source: November, evidence: [F01]}
    came: {value: 0, evidence: [F03]}
"""

PLAIN = toy_study.STUDY.replace("horizon: long run\n", DAY)
#: A study with ties and no question, and one with a question and no ties.
TIED = PLAIN + TIES
ASKING = (
    PLAIN.replace("headline:", f"{BELIEFS}headline:", 1).replace("weigh:", f"{SCENARIOS}weigh:", 1)
    + ANSWER
)
STUDY = ASKING + TIES
#: The one with a question that has forecasts, and what came of them.
SINCE = ASKING + FORECASTS + BACKTEST


def write(folder: Path, study: str = STUDY, evidence: str = EVIDENCE) -> Path:
    """Write study, evidence and world into a folder; return the study file."""
    return toy_study.write_study(folder, study, evidence)
