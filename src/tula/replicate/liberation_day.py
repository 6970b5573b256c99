"""Ignatenko, Lashkaripour, Macedoni and Simonovska (2025): the duties announced on 2 April 2025.

"Making America great again? The economic impacts of Liberation Day tariffs", Journal of
International Economics. 194 countries, one sector. The model adds to the engine what the source
adds to plain gravity (``liberation_day_model``); where the additions are switched off, the two are
solved side by side.
"""

from __future__ import annotations

from pathlib import Path

from tula.replicate import liberation_day_data as source
from tula.replicate.liberation_day_checks import comparisons
from tula.replicate.liberation_day_checks import required as octave_files
from tula.replicate.liberation_day_remarks import remarks
from tula.replicate.liberation_day_rows import rows
from tula.replicate.liberation_day_scenarios import run
from tula.replicate.report import ReplicationReport, require_files

TITLE = "Liberation Day tariffs (Ignatenko, Lashkaripour, Macedoni and Simonovska 2025)"
CITATION = (
    "Ignatenko, A., Lashkaripour, A., Macedoni, L. and Simonovska, I. (2025), Making America great "
    "again? The economic impacts of Liberation Day tariffs, Journal of International Economics"
)


def replicate(data_dir: Path) -> ReplicationReport:
    """Run every one-sector scenario and compare with every published figure."""
    folder = source.folder_of(data_dir)
    require_files(folder, [source.INPUTS, source.PUBLISHED, *octave_files()])
    data = source.load(folder)
    results = run(data)
    return ReplicationReport(
        name="liberation_day",
        title=TITLE,
        citation=CITATION,
        rows=rows(folder, data, results),
        comparisons=comparisons(folder, data, results),
        remarks=remarks(data, results),
    )
