"""Collectors: what each of them does, and what all of them share (`conformance.py`)."""

import pytest

pytest.register_assert_rewrite("tests.collectors.conformance")
