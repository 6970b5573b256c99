"""Schedules of duties people hold, turned into layers in the sectors and regions of a world."""

from tula.policy.duties.schedules.read import (
    SCHEDULES,
    Coverage,
    Schedule,
    ScheduleSettings,
    import_schedule,
)
from tula.policy.duties.schedules.written import write_duties

__all__ = [
    "SCHEDULES",
    "Coverage",
    "Schedule",
    "ScheduleSettings",
    "import_schedule",
    "write_duties",
]
