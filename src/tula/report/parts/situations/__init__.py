"""The balance in one situation at a time."""
