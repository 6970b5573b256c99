"""The parts of the page, a folder each."""
