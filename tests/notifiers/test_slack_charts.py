"""Charts in Slack: handed over unseen by the real SDK, shown by an edit, and in nobody's way."""

from collections.abc import Iterator
from typing import Any

import pytest

from listener.domain.chart import Chart
from listener.domain.incident import Event
from listener.errors import NotifyError
from listener.notifiers.base import ChartRefusedError, Receipt, Sending
from listener.notifiers.slack import Slack
from listener.texts.slack import BUDGET, card, size
from tests.notifiers.build import a_spike
from tests.notifiers.test_slack import TOKEN, UPDATE, a_slack, fresh
from tests.servers.faults import Fault, Kind
from tests.servers.slack import UPLOAD, SlackServer

PNG = b"\x89PNG\r\n\x1a\n&=%" + bytes(range(256))
BEGIN, COMPLETE = "files.getUploadURLExternal", "files.completeUploadExternal"


@pytest.fixture
def server() -> Iterator[SlackServer]:
    with SlackServer(token=TOKEN) as running:
        yield running


def a_chart(file: str) -> Chart:
    return Chart(file=file, title="Negatives", alt="The most are 63")


def images(blocks: Any) -> list[Any]:
    return [block for block in blocks if block["type"] == "image"]


def handed(server: SlackServer, slack: Slack) -> Chart:
    return a_chart(slack.upload(PNG, "Negatives"))


def test_a_picture_is_handed_over_and_shared_with_nobody(server: SlackServer) -> None:
    name = a_slack(server).upload(PNG, "Negatives")
    [file] = server.files.all()
    assert (file.id, file.content, file.title, file.complete) == (name, PNG, "Negatives", True)
    assert file.shared_with is None
    assert not server.messages()


def test_the_message_shows_it_when_it_is_edited_and_goes_on_to(server: SlackServer) -> None:
    slack = a_slack(server)
    root = slack.send_incident(Sending(notice=fresh()))
    chart = handed(server, slack)
    slack.redraw(root, Sending(notice=fresh(), root=root, chart=chart))
    [message] = server.messages()
    [image] = images(message.shown["blocks"])
    assert image["slack_file"] == {"id": chart.file}
    assert image["alt_text"] == "The most are 63"
    worse = fresh(id="B", event=Event.SPIKE_ESCALATED)
    slack.send_incident(Sending(notice=worse, root=root, chart=chart))
    first, news = server.messages()
    assert images(first.shown["blocks"]) == [image]
    assert images(news.shown["blocks"]) == []
    in_thread = Receipt(place=root.place, ref=news.ts)
    slack.redraw(in_thread, Sending(notice=worse, root=root, chart=chart))
    assert images(server.messages()[1].shown["blocks"]) == []


@pytest.mark.parametrize(
    ("method", "kind"),
    [
        (method, kind)
        for method in (BEGIN, UPLOAD, COMPLETE)
        for kind in (Kind.REFUSE, Kind.HANG_UP, Kind.TOO_MANY, Kind.GARBAGE)
        if (method, kind) != (UPLOAD, Kind.GARBAGE)  # that is answered by its status alone
    ],
)
def test_whatever_goes_wrong_on_the_way_nobody_sees_anything(
    server: SlackServer, method: str, kind: Kind
) -> None:
    slack = a_slack(server)
    slack.send_incident(Sending(notice=fresh()))
    server.next(kind, method=method)
    with pytest.raises(NotifyError) as caught:
        slack.upload(PNG, "Negatives")
    assert TOKEN not in "".join((str(caught.value), repr(caught.value.__context__ or "")))
    assert not caught.value.unclear
    [message] = server.messages()
    assert not message.edits


def test_a_picture_that_slack_will_not_show_yet_is_told_from_other_refusals(
    server: SlackServer,
) -> None:
    slack = a_slack(server)
    root = slack.send_incident(Sending(notice=fresh()))
    chart = handed(server, slack)
    server.files.refused.add(chart.file)
    with pytest.raises(ChartRefusedError, match="invalid_blocks"):
        slack.redraw(root, Sending(notice=fresh(), root=root, chart=chart))
    server.next(Fault(kind=Kind.ERROR, code="invalid_blocks"), method=UPDATE)
    with pytest.raises(NotifyError) as caught:
        slack.redraw(root, Sending(notice=fresh(), root=root))
    assert not isinstance(caught.value, ChartRefusedError)


@pytest.mark.parametrize("file", ["F0000000001", "F0000000404"])
def test_news_do_not_wait_for_a_picture(server: SlackServer, file: str) -> None:
    slack = a_slack(server)
    root = slack.send_incident(Sending(notice=fresh()))
    server.files.refused.add(handed(server, slack).file)
    worse = fresh(id="B", event=Event.SPIKE_ESCALATED)
    slack.send_incident(Sending(notice=worse, root=root, chart=a_chart(file)))
    first, news = server.messages()
    assert news.ids == ["B"]
    assert images(first.shown["blocks"]) == []
    assert len(first.edits) == 1


def test_checking_says_that_charts_need_a_scope_and_sends_nothing() -> None:
    with SlackServer(token=TOKEN, lacks="files:write") as server:
        server.room.id_of("#cx")
        said = a_slack(server, channel="C00000001").check()
        assert "without charts" in said
        assert "missing_scope (files:write); give the app this scope" in said
        assert "without" not in a_slack(server, channel="C00000001", charts=False).check()
        with pytest.raises(NotifyError, match="missing_scope"):
            a_slack(server).upload(PNG, "Negatives")
        assert server.files.all() == []


def test_checking_leaves_no_picture(server: SlackServer) -> None:
    server.room.id_of("#cx")
    assert "without" not in a_slack(server, channel="C00000001").check()
    assert not any(file.content or file.complete for file in server.files.all())


def test_a_chart_costs_quotes_and_never_the_message() -> None:
    long = Chart(file="F0000000001", title="é" * 5000, alt="界" * 5000)
    blocks = card(a_spike(), chart=long).blocks
    assert size(blocks) <= BUDGET
    [image] = images(blocks)
    assert len(image["alt_text"]) <= 2000
    assert len(image["title"]["text"]) <= 2000
