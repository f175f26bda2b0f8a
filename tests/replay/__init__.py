"""The past, played again."""
