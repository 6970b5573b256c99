"""Forecasts frozen on a day, scored against what came later."""
