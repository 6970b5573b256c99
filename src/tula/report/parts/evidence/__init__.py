"""What the study rests on: facts with their sources, and assumptions with their ranges."""
