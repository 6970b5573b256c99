"""Leverage: the break-off that must be believed."""
