"""What the ties of a study are worth: sentences first, then lines, and what they rest on."""
