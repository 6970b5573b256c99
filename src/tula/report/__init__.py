"""Figures, maps, tables and one self-contained HTML page, read off a study's results."""

from tula.report.page import render, write_report

__all__ = ["render", "write_report"]
