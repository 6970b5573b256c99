"""Faults of a tie are told at the line that is wrong, whatever the depth, by the file's reader."""

from __future__ import annotations

import pytest

from tula.file.document import parse_document
from tula.file.translate import validate
from tula.numbers.record import Record
from tula.ties.logistics import LogisticsPact
from tula.ties.nuclear import Tender
from tula.ties.oil.market import OilMarket
from tula.ties.settlement import Network
from tula.world.named import Names

PACT = """\
term: 5
facilities: [{kind: ships, gained: 5, granted: 5}]
services:
  - {name: call, uses: 10, saving: 0.2}
  - name: call
    uses: 0
    saving: {value: 1, low: -1, high: 2}
at_risk: []
dependence: 20
replacement_time: 1
"""
TENDER = """\
criteria:
  - {name: cost, unit: USD, worst: 10, best: 0}
bids:
  - name: A
    vendor: FRA
    unit_gw: 1.2
    units: 6
    scores:
      cost: {value: 5, low: 4, high: 12}
  - {name: A, vendor: RUS, unit_gw: 1.2, units: 6, scores: {costs: 3}}
"""
NETWORK = """\
source: buyer
sink: seler
nodes:
  - name: buyer
    exposed: true
  - {name: seller}
rails:
  - start: buyer
    end: seller
    capacity: 5
    cost: 0.1
    messaging: [telex]
"""
MARKET = """\
benchmark: 67
fob_discount: 40
supply: {flat_above: 40, zero_below: 30}
elasticity: 10
world: {volume: 100, elasticities: BH17}
sellers:
  - {name: one, share: 0.7}
  - {name: one, share: 0.7}
buyers:
  - {region: RUS, need: 5, volume: 2, freight: 3}
"""


@pytest.mark.parametrize(
    ("model", "text", "expected"),
    [
        (
            LogisticsPact,
            PACT,
            {6: "'uses': must be above zero", 7: "must be zero or more", 9: "5% is 0.05"},
        ),
        (LogisticsPact, PACT.replace("uses: 0", "uses: 1").replace("-1", "0").replace("20", "1"),
         {5: "'call' stands twice"}),
        (
            Tender,
            TENDER,
            {
                9: "4 to 12 leaves the scale 0 to 10 USD",
                10: "'costs': unknown criterion 'costs'; did you mean 'cost'",
            },
        ),
        (
            Network,
            NETWORK,
            {
                2: "unknown node 'seler'; did you mean 'seller'",
                5: "'buyer' is source or sink and cannot be exposed",
                12: "unknown messaging system 'telex'",
            },
        ),
        (
            OilMarket,
            MARKET,
            {
                2: "price at its port would be 27",
                7: "shares add up to 1.4",
                8: "'one' stands twice",
                10: "RUS cannot buy from itself",
            },
        ),
    ],
)  # fmt: skip
def test_faults_stand_on_the_line_that_is_wrong(
    model: type[Record], text: str, expected: dict[int, str]
) -> None:
    names = Names(pivot="IND", partner="RUS")
    found, problems = validate(model, parse_document(text, "study.yaml"), (), names)
    assert found is None
    for line, words in expected.items():
        told = [problem.message for problem in problems if problem.place.line == line]
        assert any(words in message for message in told), (line, problems)
