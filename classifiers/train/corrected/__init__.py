"""A model that was corrected by people: the one that ships, with other output layers."""
