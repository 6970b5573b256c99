"""Trade of the pivot before any scenario."""
