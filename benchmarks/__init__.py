"""Timed comparisons and the independent solver they are made against."""
