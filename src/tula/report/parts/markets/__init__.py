"""Commodities by themselves beside the world."""
