"""Labour accords: workers admitted, money sent home, and who gains."""

from tula.ties.labour.accord import (
    LabourAccord,
    immigration_surplus,
    instruments,
    remittance_gain,
)
from tula.ties.labour.groups import WorkerGroup, group_numbers
from tula.ties.labour.valuation import Gains, account, gains

__all__ = [
    "Gains",
    "LabourAccord",
    "WorkerGroup",
    "account",
    "gains",
    "group_numbers",
    "immigration_surplus",
    "instruments",
    "remittance_gain",
]
