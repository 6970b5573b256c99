"""Files: read with the place of every value, held to a type, every fault told at its place."""
