"""Checks that are too long, or need too much, for the tests: each prints PASS or FAIL lines."""
