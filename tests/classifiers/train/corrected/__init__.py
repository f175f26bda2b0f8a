"""Tests of models that were corrected."""
