"""What the study rests on: facts with their sources, and assumptions with their ranges."""

from __future__ import annotations

from tula.report.part import Part


class Evidence(Part):
    """Facts and assumptions."""

    link = "Evidence"
