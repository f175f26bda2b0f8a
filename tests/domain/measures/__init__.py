"""Every measure against a calculation by hand."""
