"""Who could do what next, and whether its part pays each rival."""
