"""The balance of a middle power between rivals: its definition, the game, its price."""
