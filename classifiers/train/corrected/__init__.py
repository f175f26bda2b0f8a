"""A model that people corrected: the one that ships, changed near their corrections."""
