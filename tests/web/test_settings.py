"""The settings at the pages: looked at, tried, changed in the file, and in force at once."""

import html
import json
import re
import stat
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest

from listener.app import App, app_over, plugins, rewired
from listener.clock import WallClock
from listener.config import load
from listener.config.writing import Content
from listener.domain.role import Role
from listener.settings import Taken
from listener.store import incidents, search
from listener.store.connection import Store
from listener.web.serve import SiteServer
from listener.web.site import make_site
from tests.builders import DAY, NOW, a_finding
from tests.daemon.conftest import Home, home  # noqa: F401  # a fixture
from tests.daemon.processes import wait_for
from tests.web.browser import FORM, Answer, Browser
from tests.web.conftest import HandClock
from tests.web.story import a_complaint, take_in

FILE = """\
# Ours.
[listener]
database = "listener.db"
dead_man_url = "https://beat.example/canary-url-1"

[[subjects]]
name = "Acme"           # us
query = "acme"
must_match = ["Acme is late"]

[[subjects]]
name = "Boreal"
role = "competitor"
query = "boreal"

[[topics]]
name = "delivery"
examples = ["late", "lost"]
team = "logistics"

[[teams]]
name = "logistics"
slack = "#logistics"
email = ["logistics@example.com"]

[notify]
quiet_hours = ["22:00-07:00"]

[notify.email]
host = "localhost"
sender = "listener@example.com"
password = "canary-password-2"
"""
KEPT = ["# Ours.", 'name = "Acme"           # us', "canary-password-2"]
RTL = "\u202e\u05d0\u05d1 evil"


@dataclass
class OneDesk:
    """Takes a file up by the same functions as the daemon does, in the thread that asks."""

    path: Path
    app: App
    taken: Taken

    def take_up(self) -> Taken:
        self.app = rewired(self.app, load(self.path, plugins(self.app.clock)))
        self.taken = Taken(at=NOW, mark=Content.of(self.path).mark)
        return self.taken


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(FILE, encoding="utf-8")
    return path


def a_desk(store: Store, file: Path, at: datetime = NOW) -> OneDesk:
    clock = WallClock()
    app = app_over(store, load(file, plugins(clock)), clock)
    return OneDesk(file, app, Taken(at=at, mark=Content.of(file).mark))


@pytest.fixture
def desk(store: Store, file: Path) -> OneDesk:
    return a_desk(store, file)


@contextmanager
def served(
    store: Store,
    clock: HandClock,
    desk: OneDesk | None,
    role: Role = Role.ADMIN,
    public_url: str = "",
) -> Iterator[Browser]:
    site = make_site(
        store,
        clock.now,
        None,
        "127.0.0.1",
        ZoneInfo("UTC"),
        who="kim",
        desk=desk,
        role=role,
        public_url=public_url,
    )
    server = SiteServer(site, host="127.0.0.1", port=0)
    yield Browser(server.start())
    server.stop()


@pytest.fixture
def admin(store: Store, clock: HandClock, desk: OneDesk) -> Iterator[Browser]:
    with served(store, clock, desk) as browser:
        yield browser


def hidden(answer: Answer) -> dict[str, str]:
    """The hidden fields of the first form of a page, and those in other forms that it has not."""
    found = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', answer.text)
    fields: dict[str, str] = {}
    for key, value in found:
        fields.setdefault(key, html.unescape(value))
    return fields


def post(
    browser: Browser,
    where: str,
    fields: Mapping[str, object],
    headers: Mapping[str, str] = MappingProxyType({}),
) -> Answer:
    return browser.post(where, urlencode(fields, doseq=True), {**FORM, **headers})


def filled(browser: Browser, page: str = "/settings/subject?name=Acme") -> dict[str, str]:
    fields = hidden(browser.get(page))
    return {key: fields[key] for key in ("token", "mark", "what", "of", "was") if key in fields}


def change(browser: Browser, page: str = "/settings/subject?name=Acme", **fields: object) -> Answer:
    return post(browser, "/settings/change", {**filled(browser, page), "step": "write", **fields})


ACME = {"name": "Acme", "role": "brand"}


# What is shown


def test_whom_the_file_follows_is_listed(admin: Browser) -> None:
    answer = admin.get("/settings")
    assert answer.status == 200
    for words in ("Acme brand", "Boreal competitor", "Follow somebody else", "in force since"):
        assert words in answer.words
    assert "delivery for logistics" in admin.get("/settings/topics").words
    assert "“ late ”" in admin.get("/settings/topics").words
    assert "Team logistics" in admin.get("/settings/people").words
    assert "22:00-07:00" in admin.get("/settings/people").text


PAGES = (
    "/settings",
    "/settings/subject?name=Acme",
    "/settings/subject",
    "/settings/topics",
    "/settings/topic?name=delivery",
    "/settings/topic",
    "/settings/people",
    "/settings/snoozes",
    "/settings/file",
    "/settings/preview?q=acme&of=Acme",
)


@pytest.mark.parametrize("page", PAGES)
def test_no_page_shows_a_secret_or_runs_what_is_not_ours(admin: Browser, page: str) -> None:
    answer = admin.get(page)
    assert answer.status == 200
    assert "canary" not in answer.text
    assert not {"style", "onclick"} & answer.attributes
    scripts = re.findall(r"<script[^>]*>", answer.text)
    ours = re.compile(r'<script [^>]*src="/static/\w+\.js[^"]*"[^>]*>')
    assert all(map(ours.fullmatch, scripts))


def test_secrets_are_named_by_where_they_are(desk: OneDesk, admin: Browser, file: Path) -> None:
    words = admin.get("/settings/file").words
    assert "password set" in words
    assert "dead_man_url set" in words
    file.write_text(FILE.replace("canary-password-2", "env:MAIL_PASSWORD"))
    assert "password env:MAIL_PASSWORD" in admin.get("/settings/file").words


def test_a_comparison_beside_a_secret_does_not_show_it(admin: Browser) -> None:
    looked = change(
        admin, "/settings/people", step="look", what="alerts", of="", to="c@example.com"
    )
    assert "password = set" in looked.words
    assert 'will be: to = ["c@example.com"]' in looked.words
    assert "canary" not in looked.text


def test_what_is_not_there_is_no_page(admin: Browser) -> None:
    for page in ("/settings/subject?name=Nobody", "/settings/topic?name=x", "/settings/nothing"):
        assert admin.get(page).status == 404


# What is changed


def test_a_change_is_looked_at_then_written_and_in_force(
    admin: Browser, desk: OneDesk, store: Store, file: Path
) -> None:
    looked = change(admin, step="look", query="acme NOT wile", **ACME)
    assert looked.status == 200
    assert 'was: query = "acme"' in looked.words
    assert 'will be: query = "acme NOT wile"' in looked.words
    assert file.read_text() == FILE
    again = hidden(looked)
    written = post(admin, "/settings/change", {**again, "step": "write"})
    assert (written.status, written.headers["location"]) == (303, "/settings?done=written")
    assert file.read_text() == FILE.replace('"acme"\n', '"acme NOT wile"\n')
    assert file.with_name("config.toml.bak").read_text() == FILE
    words = admin.get("/settings?done=written").words
    assert "Written to config.toml , and in force." in words
    subject = desk.app.config.subjects[0].subject
    assert subject.query is not None
    assert subject.query.text == "acme NOT wile"
    with store.read() as db:
        rows = [tuple(row) for row in db.execute("SELECT who, did, what, detail FROM audit")]
    assert rows == [("kim", "changed", "config.toml: [[subjects]] Acme", "query = acme NOT wile")]


def test_one_is_followed_and_no_longer(admin: Browser, desk: OneDesk, file: Path) -> None:
    added = change(admin, "/settings/subject", name="Delta", role="competitor", query='"delta air"')
    assert added.status == 303
    assert [one.subject.name for one in desk.app.config.subjects] == ["Acme", "Boreal", "Delta"]
    assert "query = '\"delta air\"'" in file.read_text()
    gone = change(admin, "/settings/subject?name=Boreal", remove="1")
    assert gone.status == 303
    assert [one.subject.name for one in desk.app.config.subjects] == ["Acme", "Delta"]
    assert [line for line in KEPT if line not in file.read_text()] == []


def test_a_topic_is_defined_changed_and_removed(admin: Browser, desk: OneDesk, file: Path) -> None:
    fields = {"name": "price", "description": "too dear", "examples": "so dear\r\n\r\nwhat a price"}
    assert change(admin, "/settings/topic", **fields, team="logistics").status == 303
    new = desk.app.config.topics[1]
    assert (new.name, new.examples, new.team) == ("price", ("so dear", "what a price"), "logistics")
    changed = change(
        admin, "/settings/topic?name=delivery", name="delivery", examples="late\nlost\nbroken"
    )
    assert changed.status == 303
    assert desk.app.config.topics[0].examples == ("late", "lost", "broken")
    assert desk.app.config.topics[0].team == ""
    assert change(admin, "/settings/topic?name=price", remove="1").status == 303
    assert [one.name for one in desk.app.config.topics] == ["delivery"]


def test_who_is_told_and_when_is_changed(admin: Browser, desk: OneDesk) -> None:
    page = "/settings/people"
    sent: list[tuple[str, str, dict[str, object]]] = [
        ("digest", "", {"to": "a@example.com\nb@example.com"}),
        ("alerts", "", {"to": "c@example.com"}),
        ("quiet", "", {"quiet_hours": "mon-fri 20:00-07:00", "quiet_but": ["high", "response"]}),
        ("team", "logistics", {"slack": "#boxes", "email": "", "digest": "yes"}),
    ]
    for what, of, fields in sent:
        answer = change(admin, page, what=what, of=of, **fields)
        assert (answer.status, answer.headers["location"]) == (303, f"{page}?done=written")
    config = desk.app.config
    assert config.digest.to == ("a@example.com", "b@example.com")
    assert config.notifiers["email"].to == ("c@example.com",)
    assert [one.value for one in config.manners.quiet_but] == ["high", "response"]
    (team,) = config.teams
    assert (team.slack, team.email, team.digest) == ("#boxes", (), True)


@pytest.mark.parametrize(
    ("page", "fields", "words"),
    [
        ("/settings/subject?name=Acme", {**ACME, "query": "acme AND ("}, "expected"),
        ("/settings/subject?name=Acme", {**ACME, "query": "other"}, "does not find"),
        ("/settings/subject?name=Acme", {**ACME, "query": "state:open acme"}, "cannot be asked"),
        ("/settings/subject?name=Acme", {"name": "boreal", "query": "acme"}, "is that of"),
        ("/settings/subject?name=Acme", {"name": "", "query": "acme"}, "name"),
        ("/settings/subject?name=Acme", {**ACME, "role": "king", "query": "acme"}, "is unknown"),
        ("/settings/subject?name=Acme", {**ACME, "query": "acme"}, "Nothing is different"),
        ("/settings/subject", {"name": "a" * 10_000, "query": "x"}, "at most 100 characters"),
        ("/settings/subject", {"name": RTL, "query": "x"}, "one line"),
        ("/settings/subject", {"name": "x", "query": "a " * 600}, "at most 500 words"),
        ("/settings/topic", {"name": "x", "team": "nobody"}, "is no team"),
        ("/settings/topic", {"name": "delivery"}, "give each its own"),
        ("/settings/people", {"what": "digest", "of": "", "to": "no address"}, "addresses"),
        ("/settings/people", {"what": "quiet", "of": "", "quiet_hours": "noon"}, "hours"),
        ("/settings/people", {"what": "team", "of": "nobody", "slack": "#x"}, "not in the file"),
    ],
)
def test_what_would_be_wrong_is_told_and_nothing_is_written(
    admin: Browser, file: Path, page: str, fields: dict[str, object], words: str
) -> None:
    for step in ("look", "write"):
        answer = change(admin, page, step=step, **fields)
        assert answer.status == 422
        assert words in answer.words
        assert file.read_text() == FILE
    assert sorted(one.suffix for one in file.parent.glob("config*")) == [".toml"]


def test_what_was_sent_is_not_lost_by_a_mistake(admin: Browser) -> None:
    answer = change(admin, **ACME, query='acme OR ("x y"')
    assert "Nothing was written." in answer.words
    assert "acme OR (&#34;x y&#34;" in answer.text
    assert "^" in answer.words  # where it is
    again = change(admin, step="back", **ACME, query="acme OR <b>")
    assert again.status == 200
    assert "acme OR &lt;b&gt;" in again.text


HOSTILE = [
    'x"\n[[subjects]]\nname = "evil"',
    "x'''\n[web]\nport = 1\n'''",
    'x"""\nevil = 1',
    "x\\",
    "x # comment",
    "<script>alert(1)</script>",
    "{{ 7*7 }}",
    "שלום עולם",
]


@pytest.mark.parametrize("nasty", HOSTILE)
def test_what_is_written_stays_words(admin: Browser, desk: OneDesk, file: Path, nasty: str) -> None:
    before = tomllib.loads(FILE)
    fields = {"name": "new one", "description": nasty, "examples": nasty, "keywords": nasty}
    assert change(admin, "/settings/topic", **fields).status == 303
    document = tomllib.loads(file.read_text())
    added = document["topics"].pop()
    assert document == before
    assert added["description"] == " ".join(nasty.split())
    assert added["examples"] == [one.strip() for one in nasty.split("\n")]
    page = admin.get("/settings/topic?name=new+one")
    assert page.tags.count("script") == admin.get("/settings/topic").tags.count("script")
    assert page.tags.count("b") == 0
    assert "49" not in admin.get("/settings/topics").words


def test_a_name_is_data_whatever_it_holds(admin: Browser, desk: OneDesk) -> None:
    name = "a\"]<b>\\x' & # 名前"
    assert change(admin, "/settings/subject", name=name, query="x").status == 303
    assert desk.app.config.subjects[-1].subject.name == name
    page = f"/settings/subject?{urlencode({'name': name})}"
    assert html.escape(name).replace("&quot;", "&#34;").replace("&#x27;", "&#39;") in (
        admin.get(page).text
    )
    assert change(admin, page, remove="1").status == 303
    assert [one.subject.name for one in desk.app.config.subjects] == ["Acme", "Boreal"]


# Two at once, and who may not


def test_who_was_overtaken_sees_both(admin: Browser, file: Path) -> None:
    fields = filled(admin)
    theirs = FILE.replace('query = "acme"', 'query = "acme OR theirs"')
    file.write_text(theirs)
    late = post(
        admin, "/settings/change", {**fields, **ACME, "step": "write", "query": "acme OR mine"}
    )
    assert late.status == 409
    assert "query acme OR theirs acme OR mine" in late.words
    assert 'was: query = "acme OR theirs"' in late.words
    assert file.read_text() == theirs
    assert post(admin, "/settings/change", {**hidden(late), "step": "write"}).status == 303
    assert file.read_text() == theirs.replace("theirs", "mine")


def test_what_others_did_to_the_rest_of_a_table_stays(admin: Browser, file: Path) -> None:
    fields = filled(admin)
    theirs = FILE.replace('query = "acme"', 'query = "acme OR theirs"')
    file.write_text(theirs)
    sent = {**fields, "step": "write", "name": "Acme", "role": "competitor", "query": "acme"}
    late = post(admin, "/settings/change", sent)
    assert late.status == 409
    assert "query acme OR theirs left as it was" in late.words
    assert post(admin, "/settings/change", {**hidden(late), "step": "write"}).status == 303
    after = tomllib.loads(file.read_text())["subjects"][0]
    assert (after["role"], after["query"]) == ("competitor", "acme OR theirs")


def test_who_was_overtaken_by_a_removal_is_told(admin: Browser, file: Path) -> None:
    fields = filled(admin, "/settings/subject?name=Boreal")
    without = FILE.replace(FILE[FILE.index('[[subjects]]\nname = "Bo') : FILE.index("[[topi")], "")
    file.write_text(without)
    late = post(
        admin, "/settings/change", {**fields, "step": "write", "name": "Boreal", "query": "b"}
    )
    assert late.status == 409
    assert "is not in the file (any more)" in late.words
    assert file.read_text() == without


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": one} for one in ("cross-site", "same-site", "none")]
    + [{"origin": one} for one in ("https://evil.example", "null")],
)
def test_what_was_posted_elsewhere_changes_nothing(
    admin: Browser, file: Path, headers: dict[str, str]
) -> None:
    sent = {**filled(admin), **ACME, "step": "write", "query": "acme OR x"}
    assert post(admin, "/settings/change", sent, headers).status == 403
    assert file.read_text() == FILE


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"token": "guessed"}, 403),
        ({"token": ""}, 403),
        ({"step": "explode"}, 422),
        ({"what": "listener"}, 422),
        ({"what": "team", "of": ""}, 422),
        ({"what": "team", "of": "logistics", "remove": "1"}, 422),
        ({"mark": ""}, 409),
    ],
)
def test_what_makes_no_sense_changes_nothing(
    admin: Browser, file: Path, fields: dict[str, str], status: int
) -> None:
    sent = {**filled(admin), **ACME, "step": "write", "query": "acme OR x", **fields}
    assert post(admin, "/settings/change", sent).status == status
    assert file.read_text() == FILE


@pytest.mark.parametrize("role", [Role.READER, Role.AGENT])
def test_who_is_no_admin_reads(
    store: Store, clock: HandClock, desk: OneDesk, file: Path, role: Role
) -> None:
    with served(store, clock, desk, role) as browser:
        page = browser.get("/settings/subject?name=Acme")
        assert "An admin changes it." in page.words
        assert "Show the change" not in page.words
        assert "Try it" in page.words
        tried = post(browser, "/settings/preview", {**filled(browser), **ACME, "query": "boreal"})
        assert "0 mentions of the last 28 days" in tried.words
        for step in ("look", "write", "reload"):
            assert change(browser, step=step, **ACME, query="acme OR x").status == 403
    assert file.read_text() == FILE


def test_nobody_changes_settings_by_the_public_address(
    store: Store, clock: HandClock, desk: OneDesk, file: Path
) -> None:
    with served(store, clock, desk, public_url="https://listen.example/") as browser:
        fields = {**filled(browser), **ACME, "query": "acme OR x", "step": "write"}
        body = urlencode(fields)
        answer = browser.post("/settings/change", body, host="listen.example")
        assert (answer.status, file.read_text()) == (403, FILE)
        assert browser.get("/settings", host="listen.example").status == 200


def test_a_file_that_cannot_be_replaced_is_for_reading(
    admin: Browser, desk: OneDesk, file: Path
) -> None:
    file.with_name(".config.toml.new").mkdir()  # where the new file would be made
    answer = change(admin, **ACME, query="acme OR x")
    assert answer.status == 422
    assert "The file stands as it was" in answer.words
    assert file.read_text() == FILE


def test_without_a_daemon_everything_is_for_reading(
    store: Store, clock: HandClock, desk: OneDesk
) -> None:
    with served(store, clock, None) as browser:
        assert "Acme brand" in browser.get("/settings").words  # from the database
        tried = browser.get("/settings/preview?of=Acme&q=acme").words
        assert "Just what is found now." in tried
        for page in PAGES:
            if "name=" not in page:
                answer = browser.get(page)
                assert answer.status == 200
                assert "No daemon runs behind these pages" in answer.words
                assert "Show the change" not in answer.words
        token = hidden(browser.get("/settings/subject"))["token"]
        answer = post(
            browser, "/settings/change", {"token": token, "what": "subject", "step": "look"}
        )
        assert answer.status == 403


def test_a_file_that_was_broken_by_hand_is_told_and_can_be_mended(
    admin: Browser, desk: OneDesk, file: Path
) -> None:
    file.write_text(FILE.replace('query = "boreal"', 'query = "boreal AND"'))
    words = admin.get("/settings").words
    assert "The file is not in force" in words
    assert "[[subjects]] Boreal query" in words
    fields = {"name": "Boreal", "role": "competitor", "query": "boreal OR ba"}
    assert change(admin, "/settings/subject?name=Boreal", **fields).status == 303
    assert "in force since" in admin.get("/settings").words
    file.write_text("[[[")
    assert "The file is not in force" in admin.get("/settings").words
    assert change(admin, "/settings/subject", name="x").status == 422
    file.unlink()
    assert "no such file" in admin.get("/settings").words


def test_a_file_that_was_changed_by_hand_is_taken_up(
    admin: Browser, desk: OneDesk, file: Path
) -> None:
    file.write_text(FILE.replace('query = "boreal"', 'query = "boreal OR ba"'))
    assert "The file was changed since it was read." in admin.get("/settings").words
    token = filled(admin)["token"]
    answer = post(admin, "/settings/change", {"token": token, "step": "reload"})
    assert "The file was read again" in admin.get(answer.headers["location"]).words
    assert desk.app.config.subjects[1].subject.query is not None
    assert desk.app.config.subjects[1].subject.query.text == "boreal OR ba"


def test_what_needs_a_restart_is_named(admin: Browser, desk: OneDesk) -> None:
    desk.taken = replace(desk.taken, waiting=("[web] port",))
    assert "once the daemon is started again: [web] port" in admin.get("/settings").words


# Queries that are tried


@pytest.fixture
def said(store: Store, clock: HandClock, desk: OneDesk) -> None:
    take_in(
        store,
        clock,
        a_complaint(1, text="Acme lost <b>my</b> parcel"),
        a_complaint(2, text="Acme is great"),
        a_complaint(3, text="only the parcel, of Acme", ago=40 * DAY),
        a_complaint(4, text="a parcel acme and boreal", ago=2 * DAY),
    )
    desk.take_up()  # whom the story follows is forgotten again
    search.index_new(store)


def tried(browser: Browser, query: str, **more: str) -> Answer:
    fields = filled(browser)
    return post(browser, "/settings/preview", {**fields, **ACME, "query": query, **more})


def test_a_query_is_tried_on_four_weeks(admin: Browser, said: None) -> None:
    for answer in (
        tried(admin, "parcel OR rocket"),
        admin.get("/settings/preview?q=parcel&of=Acme"),
    ):
        assert answer.status == 200
        assert "2 mentions of the last 28 days" in answer.words
        assert "+0 that are not found now, −1 that would be found no more" in answer.words
        assert "Acme is great" in answer.words  # found no more
        assert "<mark>parcel</mark>" in answer.text
        assert "&lt;b&gt;my" in answer.text
        assert 'name="query"' in answer.text  # the form is still there


def test_what_is_new_is_marked(admin: Browser, said: None) -> None:
    answer = tried(admin, "boreal OR great")
    assert "+0" in answer.words
    new = admin.get("/settings/preview?q=boreal&of=Nobody")
    assert "1 mention of the last 28 days" in new.words
    assert "that are not found now" not in new.words
    broader = admin.get("/settings/preview?q=acme&of=Boreal").words
    assert "+2 that are not found now" in broader
    assert "new" in broader


def test_a_part_of_the_page_is_given_to_the_script(admin: Browser, said: None) -> None:
    part = tried(admin, "parcel", part="1")
    assert part.text.lstrip().startswith("<h2")
    assert "2 mentions" in part.words
    assert tried(admin, "", part="1").words.startswith("What it finds Write a query")
    script = admin.get("/static/settings.js")
    assert script.status == 200
    assert script.headers["content-type"].startswith("text/javascript")


def test_a_mistake_in_a_query_is_shown_where_it_is(admin: Browser, said: None) -> None:
    answer = tried(admin, 'acme AND ("x y"', part="1")
    assert answer.status == 200
    assert "It cannot be read: expected" in answer.words
    drawn = re.search(r"<pre[^>]*>(.*?)</pre>", answer.text, re.DOTALL)
    assert drawn is not None
    query, caret = html.unescape(drawn[1]).split("\n")
    assert query == 'acme AND ("x y"'
    assert caret.strip() == "^"
    assert "does not find" in tried(admin, "other", part="1").words  # its own tests


def test_a_query_is_tried_only_from_here(admin: Browser, said: None) -> None:
    fields = filled(admin) | {"query": "acme"}
    assert post(admin, "/settings/preview", fields, {"origin": "https://e.example"}).status == 403
    assert post(admin, "/settings/preview", fields | {"token": "x"}).status == 403
    assert admin.get("/settings/preview", method="PUT").status == 405
    assert admin.get("/settings/change").status == 405


# Snoozes


def test_a_snooze_is_listed_and_ended(store: Store, clock: HandClock, desk: OneDesk) -> None:
    take_in(store, clock, a_complaint(1, text="Acme is negative here"))
    with store.write() as db:
        number = incidents.open_incident(db, a_finding(), NOW)
    with served(store, clock, desk, Role.AGENT) as browser:
        token = filled(browser)["token"]
        act = {"token": token, "back": "/inbox", "act": "snooze", "span": "4h"}
        assert post(browser, "/act", act | {"on": "x:1"}).status == 303
        assert post(browser, "/act", act | {"incident": str(number)}).status == 303
        words = browser.get("/settings/snoozes").words
        assert words.count("until") == 2
        assert words.count("by kim") == 2
        for what, of in (("mention", "x:1"), ("incident", str(number))):
            fields = {"token": token, "step": "wake", "what": what, "of": of}
            assert post(browser, "/settings/change", fields).status == 303
            assert post(browser, "/settings/change", fields).status == 422  # it is over
        words = browser.get("/settings/snoozes?done=woken").words
        assert "The snooze is over." in words
        assert "None is silent." in words
        assert "None is put off." in words
    with served(store, clock, desk, Role.READER) as browser:
        fields = {"token": filled(browser)["token"], "step": "wake", "of": "x:1"}
        assert post(browser, "/settings/change", fields).status == 403


# With a daemon


def test_a_changed_query_is_in_force_without_a_restart(home: Home) -> None:  # noqa: F811
    home.settings(more="[web]\nport = 0\n")
    home.config.chmod(0o640)
    daemon = home.daemon(pages=True)
    page = daemon.events("started")[0]["page"]
    browser = Browser(int(page.rsplit(":", 1)[1].strip("/")))
    home.drop("one", 1, text="Boreal lost my parcel, again, and I hate it")
    fields = {"name": "Acme", "role": "brand", "query": "acme OR boreal"}
    answer = change(browser, **fields)
    assert answer.status == 303, answer.words
    assert answer.headers["location"] == "/settings?done=written"
    assert "and in force" in browser.get("/settings?done=written").words
    taken = daemon.events("settings taken up")[0]
    assert taken["changed"] == ["[[subjects]] Acme query"]
    home.drop("two", 2, text="Boreal lost my parcel, again, and I hate it")
    wait_for(
        "the second to be found by the new query",
        lambda: home.ask("SELECT count(*) FROM match JOIN mention AS m ON m.id = mention_id"
                         " WHERE m.source_id = '2'"),
        15,
    )  # fmt: skip
    assert stat.S_IMODE(home.config.stat().st_mode) == 0o640
    who = json.dumps(home.ask("SELECT what FROM audit"))
    assert who == '"config.toml: [[subjects]] Acme"'
    daemon.stop()
