"""What the pivot can do."""
