"""Conditions of balance: chance of failing, and what is kept."""
