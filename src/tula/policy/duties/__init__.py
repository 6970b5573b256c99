"""Duties as of a day: layers of law by importer, partner, sector and authority, and their sum."""

from tula.policy.duties.stack import DutiesOfDay, LateDayWarning, duties_of_day
from tula.policy.duties.table import (
    DutyDayError,
    DutyTable,
    LaidOff,
    Layer,
    embedded_duties,
    read_day,
    read_duties,
)

__all__ = [
    "DutiesOfDay",
    "DutyDayError",
    "DutyTable",
    "LaidOff",
    "LateDayWarning",
    "Layer",
    "duties_of_day",
    "embedded_duties",
    "read_day",
    "read_duties",
]
