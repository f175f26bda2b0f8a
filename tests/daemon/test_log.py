"""The log: no secret at any depth, and nothing of what an error says."""

import contextlib
import io
import json
import logging

import pytest

from listener.daemon import log

CANARY = "what a person has said"


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_secrets_are_hidden_at_any_depth(capsys: pytest.CaptureFixture[str]) -> None:
    log.set_up(["xoxb-4711"])
    log.logger().info("said", all=["a xoxb-4711", {"key": ("xoxb-4711", 7)}])
    (line,) = lines(capsys)
    assert line["all"] == ["a ***", {"key": ["***", 7]}]


def test_a_fault_is_shown_by_its_lines_and_not_by_its_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log.set_up([])
    try:
        raise ValueError(CANARY)
    except ValueError as error:
        log.logger().error("fault", error=type(error).__name__, exc_info=True)
        logging.getLogger("other").exception("theirs")
    said = lines(capsys)
    assert [line["error"] for line in said] == ["ValueError", "ValueError"]
    for line in said:
        assert isinstance(line["trace"], list)
        assert line["trace"][-1].endswith("test_a_fault_is_shown_by_its_lines_and_not_by_its_words")
    assert CANARY not in json.dumps(said)


@pytest.mark.parametrize("verbose", [False, True])
def test_more_is_said_where_that_is_asked(
    capsys: pytest.CaptureFixture[str], verbose: bool
) -> None:
    log.set_up([], verbose=verbose)
    log.logger().debug("detail")
    assert len(lines(capsys)) == verbose


def test_a_line_is_written_in_one_piece() -> None:
    """Or another one, of another thread or another logger, gets between it and its end."""

    class Pieces(io.StringIO):
        def write(self, text: str) -> int:
            pieces.append(text)
            return len(text)

    pieces: list[str] = []
    with contextlib.redirect_stderr(Pieces()):
        log.set_up([])
        log.logger().info("ours")
        logging.getLogger("other").warning("theirs")
    assert [json.loads(piece)["event"] for piece in pieces] == ["ours", "theirs"]
    assert all(piece.endswith("}\n") for piece in pieces)
