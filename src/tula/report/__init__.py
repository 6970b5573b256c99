"""Figures, maps, tables and one self-contained HTML page, read off a study's results."""

from tula.report.page import PAGE_FILE, render, require_own_page, write_report

__all__ = ["PAGE_FILE", "render", "require_own_page", "write_report"]
