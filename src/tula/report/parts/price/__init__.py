"""The price of autonomy, and what each course is worth."""
