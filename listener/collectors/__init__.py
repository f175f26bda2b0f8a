"""Where from: one file for each service."""
