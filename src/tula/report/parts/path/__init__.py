"""The path: month by month."""
