"""What the scenarios are worth side by side, and beside what others have published."""
