"""What would break the balance: turns, two inputs at once, losses, and time."""
