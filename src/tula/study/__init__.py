"""Studies: their files, their runs, their answers and their results."""
