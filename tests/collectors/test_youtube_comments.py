"""YouTube's answers: what comments become, and what of them can be read at all."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from listener.collectors.youtube.comments import Page, read_page, read_thread, to_mention
from listener.collectors.youtube.refusals import trouble_of
from listener.domain.mention import Mention, Reject
from listener.errors import CollectorError, Trouble
from listener.http import ApiError

SHARED = Path(__file__).parents[3] / "shared" / "fixtures" / "youtube"
SAID_AT = datetime(2026, 11, 22, 9, tzinfo=UTC)


def a_comment(**snippet: Any) -> dict[str, Any]:
    usual = {"textDisplay": "Late again", "publishedAt": "2026-11-22T09:00:00Z"}
    return {"id": "Ugx", "snippet": usual | snippet}


def read(**snippet: Any) -> Mention:
    made = to_mention(a_comment(**snippet), "yt")
    assert isinstance(made, Mention)
    return made


@pytest.mark.parametrize(
    "comment",
    [
        {},
        {"id": "Ugx"},
        {"id": 7, "snippet": {}},
        {"id": "a b", "snippet": a_comment()["snippet"]},
        a_comment(publishedAt=None),
        a_comment(publishedAt="soon"),
        a_comment(publishedAt=["2026"]),
        a_comment(textDisplay=" <br> "),
        a_comment(textDisplay=7),
    ],
)
def test_what_cannot_be_read_is_rejected(comment: dict[str, Any]) -> None:
    assert isinstance(to_mention(comment, "yt"), Reject)


def test_odd_fields_are_left_out() -> None:
    odd = read(
        authorChannelId="UC1", authorChannelUrl="http://[", likeCount=True, videoId=7, parentId=[]
    )
    assert (odd.author, odd.author_id, odd.likes, odd.url) == (None, None, None, None)
    assert (odd.text, odd.said_at, odd.thread_id) == ("Late again", SAID_AT, "Ugx")


def test_words_as_written_come_before_those_that_are_shown() -> None:
    assert read(textOriginal="a <b> c", textDisplay="a &lt;b&gt; c").text == "a <b> c"
    assert read(textDisplay="a &lt;b&gt; c<br>d &amp; <a href='x'>e</a>").text == "a <b> c\nd & e"


@pytest.mark.parametrize(
    ("link", "name", "handle"),
    [
        ("http://www.youtube.com/@acme", "Acme", "acme"),
        ("http://www.youtube.com/@%E5%B0%8F%E6%98%8E", "@小明", "小明"),
        ("http://www.youtube.com/channel/UC1", "@acme", "acme"),
        ("http://www.youtube.com/channel/UC1", "acme", None),
        (None, "@", None),
        (7, None, None),
    ],
)
def test_only_what_begins_with_an_at_is_a_handle(link: Any, name: Any, handle: str | None) -> None:
    assert read(authorChannelUrl=link, authorDisplayName=name).author == handle


def test_an_edit_is_later_than_what_was_said() -> None:
    assert read(updatedAt="2026-11-22T09:00:00Z").edited_at is None
    assert read(updatedAt="2026-11-22T09:00:01Z").edited_at == SAID_AT.replace(second=1)


@pytest.mark.parametrize("item", [{}, {"snippet": 7}, {"snippet": {"topLevelComment": []}}])
def test_a_thread_that_cannot_be_read_has_no_replies(item: dict[str, Any]) -> None:
    thread = read_thread(item | {"replies": {"comments": [a_comment()]}}, "yt")
    assert [type(one) for one in thread.said] == [Reject]
    assert thread.is_whole


@pytest.mark.parametrize("replies", [None, 7, {}, {"comments": 7}, {"comments": [7]}])
def test_replies_of_another_shape_stop_nothing(replies: Any) -> None:
    snippet = {"topLevelComment": a_comment(), "totalReplyCount": 3}
    thread = read_thread({"snippet": snippet, "replies": replies}, "yt")
    assert isinstance(thread.said[0], Mention)
    assert not thread.is_whole


def test_items_of_another_shape_are_kept_to_be_told() -> None:
    assert read_page({"items": [7, {"id": "a"}]}) == Page(items=({}, {"id": "a"}), token="")


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/fixtures is not here")
class TestRecorded:
    @pytest.mark.parametrize(
        ("name", "more"),
        [("by_video_paged_1", 1), ("by_video_paged_2", 1), ("with_search", 0)],
    )
    def test_recorded_threads_are_understood(self, name: str, more: int) -> None:
        value = json.loads((SHARED / f"comment_threads_{name}.json").read_text("utf-8"))
        page = read_page(value)
        assert page is not None
        assert page.token == value.get("nextPageToken", "")
        threads = [read_thread(item, "yt") for item in page.items]
        assert all(isinstance(thread.said[0], Mention) for thread in threads)
        assert len([thread for thread in threads if not thread.is_whole]) == more

    @pytest.mark.parametrize("number", [1, 2])
    def test_recorded_replies_are_understood(self, number: int) -> None:
        value = json.loads((SHARED / f"comments_by_parent_paged_{number}.json").read_text("utf-8"))
        page = read_page(value)
        assert page is not None
        made = [to_mention(item, "yt") for item in page.items]
        assert page.items
        for one in made:
            assert isinstance(one, Mention)
            assert one.parent_id == one.thread_id == one.source_id.partition(".")[0]

    def test_a_recorded_refusal_is_one_of_rights(self) -> None:
        value = json.loads((SHARED / "error_permission_resp.json").read_text("utf-8"))
        refused = CollectorError("refused", kind=Trouble.CREDENTIALS)
        made = trouble_of(ApiError(refused, 403, value), None)
        assert made.kind is Trouble.CREDENTIALS
        assert "what the API key is allowed" in str(made)
