"""Scenario by scenario: what is done, what comes of it, and the numbers."""
