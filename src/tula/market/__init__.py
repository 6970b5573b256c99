"""Markets of single commodities: what is said of one, and how it clears by itself."""
