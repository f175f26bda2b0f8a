"""How well the spike detector does: streams of invented brands, and figures of what it said."""
