"""How likely each state of the balance is."""
