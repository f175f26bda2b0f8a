"""Sources that have gone quiet: away, or silent beyond chance."""
