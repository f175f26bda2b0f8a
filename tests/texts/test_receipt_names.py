"""What stands in a receipt by a name that is not ours: it stays a name."""

from datetime import UTC
from typing import Any

import pytest

from listener.texts.receipt import facts
from listener.web.said import said

SCRIPT = "<img src=x onerror=alert(1)>"


def lines(**evidence: Any) -> list[tuple[str, str]]:
    return facts({"rule": "quiet_source", "evidence": evidence}, UTC)


@pytest.mark.parametrize("name", ["hacker_news", "foo_at", "open", SCRIPT, "100%"])
def test_a_source_is_called_as_it_is_called(name: str) -> None:
    assert lines(sources={name: 3}) == [("sources", f"{name} 3")]


def test_a_name_is_no_markup_on_a_page() -> None:
    [(_, words)] = lines(sources={SCRIPT: {"kind": SCRIPT}})
    assert "<img" not in said("en", words)
    assert "&lt;img" in said("en", words)


def test_what_is_not_known_of_a_source_is_left_out() -> None:
    [(_, words)] = lines(sources={"x": {"error": None, "kind": "silent"}})
    assert words == "x kind silent"


def test_what_took_far_too_long_is_told_in_times_and_no_percent() -> None:
    assert lines(elapsed_share=0.8) == [("time used", "80%")]
    assert lines(elapsed_share=335.6) == [("time used", "336 times what was promised")]
