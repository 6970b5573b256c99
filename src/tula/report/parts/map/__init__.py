"""Who in the world gains and loses, on a map and in a table."""
