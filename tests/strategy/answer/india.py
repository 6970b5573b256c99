"""India between the United States and Russia on 12 December 2025, with the beliefs of a prototype.

Run as a script it prints the answer. The offer of 18% and the crude kept while the designation is
heeded rest on sources after that day: orders of magnitude.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from time import perf_counter

import tula as tl
from tula.numbers.quantity import Quantity
from tula.policy.duties import embedded_duties
from tula.strategy.answer.answer import answer
from tula.strategy.answer.inputs import AnswerInputs
from tula.strategy.answer.result import Answer
from tula.strategy.answer.scenarios import Leaf, Scenario

DAY = date(2025, 12, 12)
PENALTY, RECIPROCAL = "IEEPA-EO14329", "IEEPA-reciprocal"

#: Median, low and high of every belief.
BELIEFS = {
    "sigma_first_year": (0.76, 0.65, 1.1),
    "sigma_long_run": (2.0, 1.75, 5.0),
    "replace": (2.0, 1.5, 4.0),
    "crude_replace": (6.0, 3.0, 12.0),
    "crude_grades": (10.0, 5.0, 40.0),
    "wells": (0.15, 0.05, 0.5),
    "penalty_months": (10.0, 3.0, 60.0),
    "penalty_back": (0.1, 0.0, 0.4),
    "penalty_size": (1.0, 0.9, 1.4),
    "penalty_honoured": (0.5, 0.1, 0.9),
    "designation_now": (0.8, 0.5, 1.0),
    "designation_months": (12.0, 4.0, 48.0),
    "designation_back": (0.2, 0.0, 0.5),
    "designation_kept": (0.62, 0.45, 0.85),
    "rent_lost": (0.75, 0.3, 1.0),
    "channels_chance": (0.1, 0.02, 0.3),
    "channels_months": (24.0, 12.0, 48.0),
    "channels_carried": (0.468, 0.25, 0.75),
    "court_chance": (0.5, 0.3, 0.8),
    "court_left": (0.7, 0.3, 1.0),
    "offer_honoured": (0.5, 0.2, 0.9),
    "usa_breaks_off": (0.1, 0.02, 0.3),
    "rus_breaks_off": (0.05, 0.01, 0.2),
}


def belief(name: str) -> Quantity:
    """Return a number of ``BELIEFS``."""
    value, low, high = BELIEFS[name]
    return Quantity(value=value, low=low, high=high, belief=name)


def offer() -> Iterator[tl.Tariff]:
    """Yield cuts of the reciprocal duty on India from 25 to 18 points, on the part it covers."""
    for layer in embedded_duties().on(DAY):
        if layer.layer == RECIPROCAL and layer.partner == "IND" and layer.importer == "USA":
            cut = -layer.points_on_cell * (1.0 - 18.0 / 25.0)
            yield tl.Tariff(
                importer="USA", exporter="IND", sectors=layer.sector, add=f"{cut:.6f} pp"
            )


def scenarios() -> dict[str, Scenario]:
    """Return what the scenarios do."""
    stop = tl.Embargo(importer="IND", exporter="RUS", sectors="OIL")
    heeded = tl.ImportCap(
        importer="IND", exporter="RUS", sectors="OIL", at=0.62, rent_to="importer"
    )
    return {
        "stop": Scenario((stop,)),
        "heeded": Scenario((heeded,), (Leaf(0, "at", belief("designation_kept")),)),
        "deal": Scenario(tuple(offer())),
    }


def inputs() -> AnswerInputs:
    """Return the block that a study file would hold."""
    emergency = sorted(
        {one.layer for one in embedded_duties().on(DAY) if one.layer.startswith("IEEPA")}
        - {PENALTY}
    )
    services = tuple(s for s in tl.load_world("icio-2024").sectors if s not in tl.GOODS)
    b = belief
    return AnswerInputs.model_validate(
        {
            "pivot": "IND",
            "announced": "2025-12-12",
            "since": "2025-08-06",
            "elasticity": {
                "first_year": b("sigma_first_year"),
                "long_run": b("sigma_long_run"),
                "speed": 3.5,
            },
            "replace": b("replace"),
            "commodities": [
                {
                    "sector": "OIL",
                    "replace": b("crude_replace"),
                    "grades": b("crude_grades"),
                    "supply": b("wells"),
                }
            ],
            "critical": [
                {"id": "crude", "title": "Russian crude", "bought_from": "RUS", "sectors": "OIL",
                 "by": "volume"},
                {"id": "us_goods", "title": "Goods to the United States", "sold_to": "USA",
                 "sectors": "goods"},
                {"id": "us_services", "title": "Services to the United States", "sold_to": "USA",
                 "sectors": list(services)},
                {"id": "inputs", "title": "Russian inputs", "bought_from": "RUS",
                 "sectors": ["COA", "MIN", "FOO", "PET", "CHM"]},
                {"id": "payments", "title": "Payments with Russia"},
            ],
            "demands": [
                {"id": "crude_out", "title": "India gives up Russian crude", "by": "USA",
                 "tie": "crude", "meeting": ["stop"]},
            ],
            "options": [
                {"id": "keep", "title": "India goes on as before"},
                {"id": "stop", "title": "India gives up Russian crude", "scenarios": ["stop"],
                 "meets": {"crude_out": 1.0}},
                {"id": "deal", "title": "India gives it up for a duty of 18%",
                 "scenarios": ["stop"], "meets": {"crude_out": 1.0},
                 "offer": {"by": "USA", "gives": ["deal"], "lifts": ["penalty"],
                           "honoured": b("offer_honoured")}},
                {"id": "deal_kept", "title": "A duty of 18%, the crude kept",
                 "offer": {"by": "USA", "gives": ["deal"], "lifts": ["penalty"],
                           "honoured": b("offer_honoured")}},
            ],
            "threats": [
                {"id": "penalty", "title": "The penalty of 25 points", "demand": "crude_out",
                 "layers": [PENALTY], "size": b("penalty_size"), "now": 1.0,
                 "months": b("penalty_months"), "back": b("penalty_back"),
                 "honoured": b("penalty_honoured")},
            ],
            "events": [
                {"id": "designation", "title": "Firms heed the designation",
                 "scenarios": ["heeded"], "rent_lost": b("rent_lost"),
                 "now": b("designation_now"), "months": b("designation_months"),
                 "back": b("designation_back")},
                {"id": "channels", "title": "Channels of payment close", "now": 0.0,
                 "carried": {"payments": b("channels_carried")},
                 "months": b("channels_months"), "back": b("channels_chance")},
            ],
            "causes": [
                {"id": "court", "title": "A court ends the emergency duties",
                 "chance": b("court_chance"), "ends": ["penalty"], "layers": emergency,
                 "left": b("court_left")},
            ],
            "break_offs": {
                "USA": {"chance": b("usa_breaks_off")},
                "RUS": {"chance": b("rus_breaks_off")},
            },
            "moves": [
                {"id": "term", "title": "Term contracts with sellers not designated", "cost": 0.19,
                 "beliefs": {"designation_kept": 0.72}},
                {"id": "accounts", "title": "Insurance and rouble accounts", "cost": 0.1,
                 "beliefs": {"channels_carried": 0.734}},
                {"id": "barrels", "title": "Term barrels of others", "cost": 0.35,
                 "beliefs": {"crude_replace": 7.5}},
            ],
        }
    )  # fmt: skip


def india(draws: int = 64, workers: int = 0) -> Answer:
    """Return the answer on the embedded world."""
    world = tl.load_world("icio-2024")
    if not workers:
        return answer(inputs(), world, scenarios(), draws=draws)
    with ProcessPoolExecutor(workers) as pool:
        return answer(inputs(), world, scenarios(), draws=draws, executor=pool)


if __name__ == "__main__":
    begun = perf_counter()
    found = india(int(sys.argv[1]) if len(sys.argv) > 1 else 64, 2)
    sys.stdout.write(found.model_dump_json(indent=1) + "\n")
    sys.stderr.write(f"{perf_counter() - begun:.1f} s\n")
