"""How others stand."""
