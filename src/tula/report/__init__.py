"""Figures, maps, tables and one self-contained HTML page, read off a study's results."""

from tula.report.page import (
    APPENDIX_FILE,
    PAGE_FILE,
    pages,
    ready,
    render,
    require_own_page,
    write_report,
)

__all__ = [
    "APPENDIX_FILE",
    "PAGE_FILE",
    "pages",
    "ready",
    "render",
    "require_own_page",
    "write_report",
]
