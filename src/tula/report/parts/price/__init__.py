"""The price of the balance."""
