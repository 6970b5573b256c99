"""Builds the embedded worlds from registry packages and cited figures: ``make world``."""
