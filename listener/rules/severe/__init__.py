"""Single mentions that cannot wait for a crowd; pure."""
