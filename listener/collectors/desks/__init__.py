"""Help desks: what customers wrote to the brand, and when they were first answered."""
