"""Numbers: what is not known exactly, and how a number is written."""
