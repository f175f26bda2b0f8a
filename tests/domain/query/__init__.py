"""Tests of the query language, written from its page."""
