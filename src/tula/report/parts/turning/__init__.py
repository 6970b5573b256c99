"""What would turn the answer."""
