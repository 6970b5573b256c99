"""A small sound study with a balance, on a toy world, to be broken in tests."""

from pathlib import Path

import toy_study

#: Ids of facts: F01 of 2025-08-06 and F02, both before the day of the study.
EVIDENCE = toy_study.EVIDENCE.replace("date: '2025'", "date: '2025-08-06'", 1)
DAY = "horizon: long run\non: 2025-12-12\n"

TIES = """\
ties:
  - oil:
      id: crude-tie
      title: Crude from Russia
      partner: RUS
      hazard: {value: 0.5, evidence: [F01]}
      import_sensitivity: {value: 1.25, low: 1, high: 1.5, evidence: [F01]}
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

BALANCE = """\
balance:
  announced: 2025-12-12
  confidence: 0.9
  reference: trade of the base year
  notes: [Russia asks for nothing.]
  world:
    set: world
    horizon: {years: {value: 1, low: 0.5, high: 5, reason: the next year}}
  closure: fixed
  moves:
    - id: HARDER
      title: A duty on everything
      instruments:
        - tariff:
            importer: USA
            exporter: IND
            sectors: goods
            add: {value: 100 pp, low: 50 pp, high: 500 pp, reason: no ceiling in law}
    - id: TURN
      title: No more American goods
      instruments:
        - embargo: {importer: IND, exporter: USA, sectors: MAN, evidence: [F02]}
  rules:
    - {name: main, access: 0.75, loss: 0.02}
    - {name: break-off, access: 0.75, loss: 0.02, measure: full}
  demands:
    - id: oil
      rival: USA
      title: no crude
      date: 2025-08-06
      tie: crude
      enforced: true
      evidence: [F01]
  critical:
    - {id: crude, title: crude, rival: RUS, flow: oil, tie: crude-tie}
    - {id: payments, title: payments, rival: RUS, flow: channels, tie: rails}
    - {id: market, title: goods sold, rival: USA, flow: exports, sectors: [goods]}
  courses:
    - {id: keep, title: goes on}
    - {id: stop, title: stops, ceiling: 0, aligned_with: USA, reason: A choice.}
    - {id: turn, title: turns away, scenarios: [TURN], aligned_with: RUS, hypothetical: true}
  threats:
    - id: penalty
      title: a duty
      rival: USA
      demand: oil
      scenarios: [S1]
      size: {value: 1, low: 0.9, high: 1.2, evidence: [F01]}
      persistence: {value: 0.6, low: 0.25, high: 1, reason: Duties come and go.}
      honoured: {value: 0.5, low: 0.1, high: 0.9, reason: Nobody knows.}
  events:
    - id: listed
      title: sellers listed
      chance: {value: 0.5, low: 0.2, high: 1}
      oil: true
      lasts: {value: 2, low: 1, high: 4}
      reason: Nobody knows.
    - id: closed
      title: rails closed
      chance: {value: 0.1, low: 0, high: 0.3}
      channels: true
      loss: {tie: rails, line: worst_loss}
      lasts: {value: 2, low: 1, high: 4}
      reason: Nobody knows.
  powers:
    - {rival: USA, title: duties, scenarios: [HARDER]}
    - {rival: RUS, title: no more sales, stops_sales_of: [goods]}
  next_moves:
    - {id: harder, title: more duty, player: USA, scenarios: [HARDER]}
  hedges:
    - {id: rails, title: payments in roubles, tie: rails}
  situations:
    - {id: NOW, title: As things stand, hook: A duty stands., course: keep, threats: [penalty]}
    - {id: S0, course: keep, standing: false}
    - id: TRADE
      title: Other payments
      hook: Rails are built.
      course: keep
      adds: [{tie: rails, line: value_to_pivot}]
  elasticities:
    scale: {value: 1, low: 0.5, high: 1.5, reason: Studies differ.}
    sector: OIL
    grades: {value: 9, low: 4, high: 39, evidence: [F02]}
    lost: {value: 1, low: 0.5, high: 3, reason: A judgement.}
  oil: crude-tie
  titles: {scale: how trade answers, size.penalty: size of the duty, premiums: risk, rails: rails}
"""

#: What the event of closed rails does.
CLOSES = "      channels: true\n      loss: {tie: rails, line: worst_loss}\n"

STUDY = toy_study.STUDY.replace("horizon: long run\n", DAY) + TIES + BALANCE


def write(folder: Path, study: str = STUDY, evidence: str = EVIDENCE) -> Path:
    """Write study, evidence and world into a folder; return the study file."""
    return toy_study.write_study(folder, study, evidence)
