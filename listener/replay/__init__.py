"""The past, played in virtual time through the very same cycle: `replay` and `demo`."""
