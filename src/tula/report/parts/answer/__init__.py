"""What each scenario is worth: the answer in sentences, and the main chart."""
