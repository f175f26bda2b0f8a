"""The rating rule: the stars of reviews fall below what is usual, beyond chance."""
