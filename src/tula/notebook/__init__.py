"""What is made of several solutions, and pictures of them, for sessions and notebooks."""
