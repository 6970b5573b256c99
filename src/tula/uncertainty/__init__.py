"""Ranges, draws and what they do to a number."""
