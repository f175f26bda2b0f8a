"""Intent and needs-an-answer against texts that a person labelled."""
