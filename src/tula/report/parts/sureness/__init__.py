"""How sure the balance is: draws, proof, what moves the price, and what is assumed."""
