"""Mastodon: what statuses become, and how an instance's listings are read, with Mastodon.py."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from listener.collectors.mastodon import Mastodon
from listener.collectors.mastodon.collector import PAGE
from listener.collectors.mastodon.statuses import Item, to_mention
from listener.collectors.mastodon.walking import (
    FIRST_PAGES,
    MOST_PAGES,
    OVERLAP,
    before,
    searched,
)
from listener.domain.mention import Kind, Mention, Reject
from listener.domain.query import parse
from listener.domain.record import write_record
from listener.domain.subject import Matcher, Role, Subject
from listener.domain.walk import Walk
from listener.errors import CollectorError, Trouble
from listener.http import Http
from listener.stages.collect import admitted
from tests.builders import a_subject
from tests.collectors.canary_contract import CanaryContract, Silence, sings
from tests.collectors.conformance import NOW, HttpCollectorContract, Reader, World
from tests.collectors.streams_contract import Streams, StreamsContract
from tests.servers.web import Asked, Step, WebServer, as_json, web_server

GOLDEN = Path(__file__).parents[1] / "golden" / "collectors" / "mastodon"
SHARED = Path(__file__).parents[3] / "shared" / "fixtures" / "mastodon"
PUBLIC = "/api/v1/timelines/public"
TOKEN = "t0k3n-of-the-brand"
HOME = "example.social"
Status = dict[str, Any]

ACME = a_subject(
    "Acme",
    query=parse('("acme air" OR #acmeair) NOT coyote'),
    accounts={"mastodon": frozenset({"acme_help@example.social"})},
)
SEEN_AT = NOW - timedelta(days=1)


def an_id(at: datetime, count: int = 0) -> str:
    return str((int(at.timestamp() * 1000) << 16) + count)


def an_account(acct: str = "ann", **changes: Any) -> dict[str, Any]:
    number = str(1000 + sum(acct.encode()))
    return {"id": number, "acct": acct, "display_name": acct.title(), **changes}


def a_status(
    at: datetime = SEEN_AT, text: str = "acme air is late #acmeair", count: int = 0, **changes: Any
) -> Status:
    return {
        "id": an_id(at, count),
        "created_at": at.isoformat(),
        "visibility": "public",
        "content": f"<p>{text}</p>",
        "account": an_account(),
        "reblog": None,
        "tags": [{"name": "acmeair"}] if "#acmeair" in text else [],
        "mentions": [],
        **changes,
    }


@dataclass
class Instance:
    """Answers as an instance does: by token, tag, account and bounds, newest first."""

    server: WebServer
    statuses: list[Status]
    token: str = TOKEN
    home: str = HOME
    searches: bool = True
    lists_at_most: int = PAGE
    accounts: dict[str, str] = field(default_factory=dict)  # acct -> id
    shows: str = "public"  # to whom its public timeline

    @property
    def about(self) -> dict[str, Any]:
        shown = {"live_feeds": {"local": self.shows, "remote": self.shows}}
        return {"domain": self.home, "configuration": {"timelines_access": shown}}

    def __post_init__(self) -> None:
        routes = self.server.routes
        routes["/api/v2/instance/"] = lambda asked: as_json(self.about)
        routes[PUBLIC] = lambda asked: self._told(asked, self._bounded(asked, self._public()))
        routes["/api/v1/accounts/verify_credentials"] = lambda asked: self._told(
            asked, an_account("acme_help"), private=True
        )
        routes["/api/v1/accounts/lookup"] = self._looked_up
        routes["/api/v1/notifications"] = self._notified
        routes["/api/v2/search"] = self._searched
        for tag in ("acmeair", "late"):
            routes[f"/api/v1/timelines/tag/{tag}"] = lambda asked, tag=tag: self._told(  # type: ignore[misc]
                asked, self._bounded(asked, self._tagged(tag))
            )
        for status in self.statuses:
            if isinstance(status.get("account"), dict):
                self.knows(status["account"])
        self.knows(an_account("acme_help"))

    def knows(self, account: Mapping[str, Any]) -> None:
        number = self.accounts.setdefault(account["acct"], account["id"])
        self.server.routes[f"/api/v1/accounts/{number}/statuses"] = lambda asked: self._told(
            asked, self._bounded(asked, self._of(number))
        )

    def _tagged(self, tag: str) -> list[Status]:
        return [one for one in self._public() if tag in [tag["name"] for tag in one["tags"]]]

    def _of(self, number: str) -> list[Status]:
        return [one for one in self._public() if (one["account"] or {}).get("id") == number]

    def _public(self) -> list[Status]:
        return [one for one in self.statuses if one["visibility"] in ("public", "unlisted")]

    def _told(self, asked: Asked, value: Any, *, private: bool = False) -> Step:
        given = asked.headers.get("Authorization")
        if given not in (None, f"Bearer {self.token}"):
            return as_json({"error": "The access token is invalid"}, status=401)
        if private and given is None:
            return as_json({"error": "This method requires an authenticated user"}, status=422)
        return as_json(value, X_RateLimit_Remaining="299", X_RateLimit_Reset="tomorrow, perhaps")

    def _bounded(self, asked: Asked, found: Sequence[Status]) -> list[Status]:
        """`min_id` gives the oldest of what is newer, everything else the newest."""
        query = asked.query
        limit = min(int(query["limit"]), self.lists_at_most)
        newest_first = sorted(found, key=lambda one: -int(one["id"]))
        if "max_id" in query:
            newest_first = [one for one in newest_first if int(one["id"]) < int(query["max_id"])]
        if "min_id" in query:
            newer = [one for one in newest_first if int(one["id"]) > int(query["min_id"])]
            return newer[-limit:]
        return newest_first[:limit]

    def _looked_up(self, asked: Asked) -> Step:
        acct = asked.query["acct"].removesuffix(f"@{self.home}")
        found = {name.casefold(): name for name in self.accounts}.get(acct)
        if found is None:
            return as_json({"error": "Record not found"}, status=404)
        return self._told(asked, {"id": self.accounts[found], "acct": found})

    def _notified(self, asked: Asked) -> Step:
        assert asked.query["types[]"] == "mention"
        named = [
            {"id": str(number), "type": "mention", "created_at": one["created_at"], "status": one}
            for number, one in enumerate(self.statuses, 1)
            if any(named["acct"] == "acme_help" for named in one["mentions"])
        ]
        return self._told(asked, self._bounded(asked, named), private=True)

    def _searched(self, asked: Asked) -> Step:
        query = asked.query
        assert query["type"] == "statuses"
        assert "resolve" not in query
        words = query["q"].strip('"')
        found = [one for one in self._public() if words in json.dumps(one).casefold()]
        newest_first = sorted(found, key=lambda one: -int(one["id"]))
        skipped = int(query.get("offset", 0))
        page = newest_first[skipped : skipped + min(int(query["limit"]), self.lists_at_most)]
        value = {"accounts": [], "hashtags": [], "statuses": page if self.searches else []}
        return self._told(asked, value, private=True)


def a_source(server: WebServer, **changes: Any) -> Mastodon:
    made = Mastodon(
        name="masto",
        http=Http(),
        follows=(ACME,),
        base_url=server.url(""),
        domain=HOME,
        access_token=TOKEN,
    )
    return replace(made, **changes)


def read(source: Mastodon, reader: Reader | None = None) -> Reader:
    return (reader or Reader()).read(source)


def ids(reader: Reader) -> set[str]:
    return {source_id for _, source_id in reader.mentions}


def asked_for(server: WebServer, route: str) -> list[dict[str, str]]:
    return [asked.query for asked in server.asked if asked.route == route]


TAG = "/api/v1/timelines/tag/acmeair"
SEARCH = "/api/v2/search"
ONLY_TAG = a_subject("Acme", query=parse("#acmeair"), accounts={})
ONLY_WORDS = a_subject("Acme", query=parse('"acme air"'), accounts={})


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as running:
        yield running


class TestContract(HttpCollectorContract):
    golden_name = "mastodon"

    @pytest.fixture
    def world(self, server: WebServer) -> World:
        Instance(server, json.loads((GOLDEN / "statuses.json").read_text("utf-8")))
        return World(make=lambda: a_source(server), count=6, secrets=(TOKEN,))

    @pytest.fixture
    def hurried(self, server: WebServer) -> Mastodon:
        return a_source(server, http=Http(read_seconds=0.1))

    @pytest.fixture
    def many(self, server: WebServer) -> World:
        start = SEEN_AT - timedelta(days=2)
        Instance(server, [a_status(start + timedelta(seconds=n), count=n) for n in range(2_100)])
        known = {"streams": {"#acmeair": {"mark": an_id(start - timedelta(days=1))}}}
        make = lambda: a_source(server, access_token="")  # noqa: E731
        return World(make=make, count=2_100, cursor=known)

    @pytest.mark.slow  # the library takes some milliseconds for each status
    def test_much_is_read_in_bounded_memory(self, many: World) -> None:
        super().test_much_is_read_in_bounded_memory(many)


class TestStreams(StreamsContract):
    @pytest.fixture
    def streams(self, server: WebServer) -> Streams:
        accts = [f"{name}@far.example" for name in ("ann", "bob", "eve")]
        statuses = [a_status(count=n, account=an_account(acct)) for n, acct in enumerate(accts)]
        Instance(server, statuses)
        lame, number = accts[1], statuses[1]["account"]["id"]
        subject = a_subject("Acme", query=None, accounts={"mastodon": frozenset(accts)})
        return Streams(
            make=lambda: a_source(server, follows=(subject,), access_token=""),
            lame=f"@{lame}",
            asks_lame=lambda asked: f"/{number}/" in asked.path or lame in asked.query.values(),
            its={statuses[1]["id"]},
            others={statuses[0]["id"], statuses[2]["id"]},
            refusal=as_json({"error": "Record not found"}, status=404),
        )


class TestCanary(CanaryContract):
    @pytest.fixture
    def silence(self, server: WebServer) -> Silence:
        Instance(server, [a_status(text="the weather is fine")])
        paths = (PUBLIC, TAG, "/api/v1/notifications")
        nothing = dict.fromkeys(paths, as_json([]))
        nothing[SEARCH] = as_json({"accounts": [], "hashtags": [], "statuses": []})
        return Silence(collector=a_source(server), path=PUBLIC, nothing=nothing)

    @pytest.mark.parametrize(
        ("token", "status"), [("", 401), ("", 403), ("", 422), (TOKEN, 403), (TOKEN, 422)]
    )
    def test_a_timeline_that_is_refused_tells_nothing(
        self, server: WebServer, token: str, status: int
    ) -> None:
        Instance(server, [])
        server.routes[PUBLIC] = lambda asked: as_json({"error": "not for you"}, status=status)
        assert sings(a_source(server, access_token=token))

    def test_a_timeline_that_comes_empty_because_it_is_not_shown_tells_nothing(
        self, server: WebServer
    ) -> None:
        instance = Instance(server, [], shows="disabled")
        assert sings(a_source(server))
        instance.shows = "public"
        assert not sings(a_source(server))

    @pytest.mark.parametrize("about", [{}, {"configuration": {"timelines_access": "none"}}])
    def test_an_instance_that_says_nothing_of_its_timeline_shows_it(
        self, server: WebServer, about: dict[str, Any]
    ) -> None:
        Instance(server, [])
        server.routes["/api/v2/instance/"] = lambda asked: as_json(about)
        assert not sings(a_source(server))


def minutes_later(count: int) -> list[Status]:
    return [a_status(SEEN_AT + timedelta(minutes=n), count=n) for n in range(count)]


def test_a_first_reading_ends_after_some_pages(server: WebServer) -> None:
    Instance(server, minutes_later(PAGE * (FIRST_PAGES + 1)))
    reader = read(a_source(server, follows=(ONLY_TAG,), access_token=""))
    assert [len(batch.mentions) for batch in reader.batches] == [PAGE] * FIRST_PAGES
    assert "max_id" not in asked_for(server, TAG)[0]


def test_history_is_read_back_to_a_date(server: WebServer) -> None:
    Instance(server, minutes_later(PAGE * (FIRST_PAGES + 2)))
    source = a_source(server, follows=(ONLY_TAG,)).reaching(SEEN_AT + timedelta(minutes=30))
    found = read(source).mentions.values()
    assert len(found) >= PAGE * (FIRST_PAGES + 2) - 30
    assert min(one.said_at for one in found) >= SEEN_AT


def test_a_tag_is_read_on_from_what_is_known_and_from_a_little_before(server: WebServer) -> None:
    world = Instance(server, [a_status()])
    source = a_source(server, follows=(ONLY_TAG,), access_token="")
    reader = read(source)
    late = a_status(SEEN_AT - OVERLAP + timedelta(minutes=1))
    too_late = a_status(SEEN_AT - OVERLAP - timedelta(minutes=1))
    new = a_status(SEEN_AT + timedelta(hours=5))
    world.statuses += [late, too_late, new]
    server.asked.clear()
    read(source, reader)
    assert ids(reader) == {an_id(SEEN_AT), late["id"], new["id"]}
    bounds = [query["min_id"] for query in asked_for(server, TAG)]
    assert bounds == [before(an_id(SEEN_AT)), new["id"]]


def test_pages_that_are_shorter_than_asked_for_hide_nothing(server: WebServer) -> None:
    world = Instance(server, minutes_later(5), lists_at_most=7)
    source = a_source(server)
    reader = read(source)
    world.statuses[:] = minutes_later(60)
    assert len(read(source, reader).mentions) == 60


def test_an_empty_poll_keeps_its_place(server: WebServer) -> None:
    world = Instance(server, [])
    source = a_source(server)
    reader = read(source)
    assert reader.mentions == {}
    world.statuses += minutes_later(3)
    assert len(read(source, reader).mentions) == 3
    kept = reader.cursor
    assert read(source, reader).cursor == kept


@pytest.mark.parametrize("before_it", [[], [a_status()]], ids=["alone", "among others"])
def test_a_status_from_the_future_does_not_hide_what_comes(
    server: WebServer, before_it: list[Status]
) -> None:
    world = Instance(server, [*before_it, a_status(NOW + timedelta(days=900))])
    source = a_source(server)
    reader = read(source)
    world.statuses += [a_status(NOW - timedelta(minutes=5)), a_status(NOW, count=1)]
    assert len(read(source, reader).mentions) == 3 + len(before_it)


def test_a_server_that_knows_no_lower_bound_is_not_asked_for_ever(server: WebServer) -> None:
    Instance(server, [])
    server.routes[TAG] = lambda asked: as_json([a_status()])
    source = a_source(server, follows=(ONLY_TAG,), access_token="")
    reader = read(source, read(source))
    assert len(reader.mentions) == 1
    assert len(asked_for(server, TAG)) <= 4


def test_ids_that_are_no_numbers_are_read_on_from_the_newest(server: WebServer) -> None:
    Instance(server, [])
    server.routes[TAG] = lambda asked: as_json(
        [] if "min_id" in asked.query or "max_id" in asked.query else [a_status(id="01JDABCXYZ")]
    )
    source = a_source(server, follows=(ONLY_TAG,), access_token="")
    read(source, read(source))
    assert asked_for(server, TAG)[-1]["min_id"] == "01JDABCXYZ"


def test_a_search_is_paged_by_what_was_seen_and_ends_where_it_is_known(server: WebServer) -> None:
    known = a_status(SEEN_AT - timedelta(hours=3))
    world = Instance(server, [*minutes_later(3), known])
    source = a_source(server, follows=(ONLY_WORDS,))
    reader = read(source)
    world.statuses += [a_status(SEEN_AT + timedelta(hours=3, minutes=n)) for n in range(PAGE * 2)]
    server.asked.clear()
    assert len(read(source, reader).mentions) == PAGE * 2 + 4
    assert [query.get("offset") for query in asked_for(server, SEARCH)] == [None, "40", "80"]
    assert {query["q"] for query in asked_for(server, SEARCH)} == {'"acme air"'}


def test_a_search_that_does_not_reach_what_is_known_says_since_when() -> None:
    walk = Walk(mark=an_id(SEEN_AT), newest=an_id(NOW), resume="1960", pages=MOST_PAGES - 1)
    items = [Item(an_id(NOW - timedelta(minutes=5)), NOW - timedelta(minutes=5), {})]
    after, gap_since = searched(walk, items, None, NOW)
    assert after == Walk(mark=an_id(NOW))
    assert gap_since == SEEN_AT


def test_a_colon_would_end_a_term_and_is_left_out(server: WebServer) -> None:
    Instance(server, [])
    query = parse('"late: acme" OR #acmeair')
    read(a_source(server, follows=(a_subject(query=query, accounts={}),)))
    assert {query["q"] for query in asked_for(server, SEARCH)} == {'"late acme"'}
    assert asked_for(server, TAG)


def test_without_a_token_only_tags_and_accounts_are_read(server: WebServer) -> None:
    Instance(server, [a_status(text="acme air"), a_status(count=1)])
    assert ids(read(a_source(server, access_token=""))) == {an_id(SEEN_AT, 1)}
    assert not asked_for(server, SEARCH)
    assert all("Authorization" not in asked.headers for asked in server.asked)


def test_a_tag_of_the_settings_is_read_beside_those_of_the_queries(server: WebServer) -> None:
    text = "acme air, as always #late"
    Instance(server, [a_status(text=text, tags=[{"name": "late"}])])
    assert len(read(a_source(server, access_token="", tags=("#Late",))).mentions) == 1


def test_who_names_a_brands_account_speaks_to_the_brand(server: WebServer) -> None:
    named = [{"acct": "acme_help"}]
    Instance(server, [a_status(text="where is my bag?", mentions=named)])
    (mention,) = read(a_source(server)).mentions.values()
    assert mention.brand == "Acme"


@pytest.mark.parametrize("visibility", ["private", "direct", "local", None, 7])
def test_what_is_not_public_is_never_kept(server: WebServer, visibility: Any) -> None:
    named = [{"acct": "acme_help"}]
    Instance(server, [a_status(visibility=visibility, mentions=named)])
    batches = read(a_source(server)).batches
    assert not [batch for batch in batches if batch.mentions or batch.rejects]


def an_answer(to: Status, at: datetime = SEEN_AT + timedelta(minutes=9)) -> Status:
    account = an_account("acme_help")
    return a_status(at, "We are sorry.", account=account, in_reply_to_id=to["id"])


@pytest.mark.parametrize("answer_first", [True, False])
def test_an_answer_is_tied_to_its_question_in_either_order(
    server: WebServer, answer_first: bool
) -> None:
    far: Status = {"account": an_account("bob@far.example"), "uri": "https://far.example/bob/1"}
    question = a_status(**far)
    answer = an_answer(question)
    world = Instance(server, [answer if answer_first else question])
    source = a_source(server)
    reader = read(source)
    world.statuses.append(question if answer_first else answer)
    read(source, reader)
    found = list(reader.mentions.values())
    arrivals, answers = admitted(found, "mastodon", Matcher((ACME,)), NOW)
    assert [one.mention.source_id for one in arrivals] == [question["id"]]
    assert [one.parent_id for one, _ in answers] == [question["id"]]
    assert [one.author for one, _ in answers] == ["acme_help@example.social"]


def test_a_boost_is_nobodys_words(server: WebServer) -> None:
    Instance(server, [a_status(reblog=a_status(count=1))])
    assert read(a_source(server)).mentions == {}


def test_an_influencers_statuses_are_read(server: WebServer) -> None:
    accounts = {"mastodon": frozenset({"kate@far.example"})}
    kate = Subject(name="Kate", role=Role.INFLUENCER, query=None, accounts=accounts)
    status = a_status(text="Lisbon is warm", account=an_account("Kate@far.example"))
    Instance(server, [status])
    found = read(a_source(server, follows=(kate,), access_token=""))
    assert ids(found) == {status["id"]}


def test_an_edited_status_is_read_again(server: WebServer) -> None:
    world = Instance(server, [a_status()])
    source = a_source(server)
    reader = read(source)
    edited = SEEN_AT + timedelta(minutes=20)
    world.statuses[:] = [a_status(text="acme air was on time", edited_at=edited.isoformat())]
    (mention,) = read(source, reader).mentions.values()
    assert (mention.text, mention.edited_at) == ("acme air was on time", edited)


def refused(source: Mastodon, now: datetime = NOW) -> CollectorError:
    with pytest.raises(CollectorError) as caught:
        source.fetch(None, now)
    assert TOKEN not in str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"X-RateLimit-Reset": "2026-11-22T12:03:20.842445Z"}, 200.842445),
        ({"X-RateLimit-Reset": str(int(NOW.timestamp()) + 90)}, 90),
        ({"X-RateLimit-Reset": "45"}, 45),
        ({"X-RateLimit-Reset": "soon"}, 60),
        ({"X-RateLimit-Reset": "2026-11-22T11:00:00Z"}, 60),
        ({}, None),
    ],
)
def test_a_rate_limit_says_until_when(
    server: WebServer, headers: dict[str, str], seconds: float | None
) -> None:
    Instance(server, [])
    server.failing = Step(status=429, headers=headers, body=b'{"error":"Too many requests"}')
    error = refused(a_source(server))
    assert error.kind is Trouble.RATE
    assert (error.retry_after and error.retry_after.total_seconds()) == seconds


@pytest.mark.parametrize(
    ("status", "token", "kind", "words"),
    [
        (401, TOKEN, Trouble.CREDENTIALS, "does not accept access_token"),
        (403, TOKEN, Trouble.CREDENTIALS, "needs the right read:notifications"),
        (401, "", Trouble.CREDENTIALS, "set access_token"),
        (422, "", Trouble.CREDENTIALS, "set access_token"),
        (422, TOKEN, Trouble.SETTINGS, "did not accept the question"),
        (404, TOKEN, Trouble.SETTINGS, "check the address"),
        (502, TOKEN, Trouble.SERVER, "has a trouble of its own"),
    ],
)
def test_a_refusal_says_what_can_be_done(
    server: WebServer, status: int, token: str, kind: Trouble, words: str
) -> None:
    server.failing = as_json({"error": f"no {TOKEN}"}, status=status)
    only_mentions_or_a_tag = () if token else (ONLY_TAG,)
    error = refused(a_source(server, access_token=token, follows=only_mentions_or_a_tag))
    assert (error.kind, words in str(error)) == (kind, True), str(error)


def test_a_right_that_is_lacking_holds_up_no_other_stream(server: WebServer) -> None:
    world = Instance(server, [a_status()])
    server.routes[SEARCH] = lambda asked: as_json({"error": "outside the scopes"}, status=403)
    source = a_source(server)
    reader = read(source)
    (told,) = [one for batch in reader.batches for one in batch.rejects]
    assert (told.place, "read:search" in told.reason) == ('"acme air"', True)
    world.statuses.append(a_status(count=1))
    assert len(read(source, reader).mentions) == 2


def test_a_move_to_another_address_is_not_followed(server: WebServer) -> None:
    there = server.url("/elsewhere")
    server.failing = Step(status=301, headers={"Location": there})
    error = refused(a_source(server))
    assert error.kind is Trouble.SETTINGS
    assert "another address" in str(error)
    assert not asked_for(server, "/elsewhere")


def test_an_instance_that_is_not_there(server: WebServer) -> None:
    error = refused(a_source(server, base_url="http://127.0.0.1:1"))
    assert (error.kind, "could not be reached" in str(error)) == (Trouble.NETWORK, True)


def test_an_unknown_account_is_told_once_and_stops_no_other(server: WebServer) -> None:
    world = Instance(server, [a_status()])
    accounts = {"mastodon": frozenset({"acme_help@example.social", "gone@far.example"})}
    source = a_source(server, follows=(replace(ACME, accounts=accounts),))
    reader = read(source)
    rejects = [one for batch in reader.batches for one in batch.rejects]
    assert [one.place for one in rejects] == ["@gone@far.example"]
    assert "knows no account gone@far.example (HTTP 404)" in rejects[0].reason
    assert len(reader.mentions) == 1
    again = read(source, reader).batches
    assert sum(len(batch.rejects) for batch in again) == 1
    gone = an_account("gone@far.example")
    world.statuses.append(a_status(count=3, account=gone))
    world.knows(gone)
    assert len(read(source, reader).mentions) == 2


def test_when_all_is_unknown_the_source_is_in_trouble(server: WebServer) -> None:
    Instance(server, [])
    accounts = {"mastodon": frozenset({"gone@far.example"})}
    nobody = a_subject("Acme", query=None, accounts=accounts)
    error = refused(a_source(server, follows=(nobody,), access_token=""))
    assert error.kind is Trouble.SETTINGS


def test_an_account_of_another_name_says_how_to_write_it(server: WebServer) -> None:
    Instance(server, [])
    batches = read(a_source(server, domain="social.acme.example")).batches
    (reject,) = [one for batch in batches for one in batch.rejects]
    assert "knows this account as acme_help@social.acme.example" in reject.reason


def test_an_account_that_has_a_new_number_is_looked_up_again(server: WebServer) -> None:
    world = Instance(server, [an_answer(a_status())])
    source = a_source(server)
    reader = read(source)
    old = world.accounts.pop("acme_help")
    del server.routes[f"/api/v1/accounts/{old}/statuses"]
    account = {**an_account("acme_help"), "id": "77"}
    world.knows(account)
    world.statuses.append(a_status(SEEN_AT + timedelta(hours=1), "Again.", account=account))
    for _ in range(2):
        read(source, reader)
    assert len(reader.mentions) == 2


LISTS = [TAG, "/api/v1/notifications", "/api/v1/accounts/{}/statuses"]


NO_LIST: list[Any] = [{}, {"error": "x"}, "text", 7, None]
NO_HITS: list[Any] = [{}, {"statuses": 7}, {"statuses": "text"}, {"statuses": {"id": 7}}, [], "x"]
NO_ACCOUNT: list[Any] = [{}, {"id": "7"}, {"acct": 7}, [7]]


@pytest.mark.parametrize(
    ("route", "value"),
    [
        *((route, value) for route in LISTS for value in NO_LIST),
        *((SEARCH, value) for value in NO_HITS),
        *(("/api/v1/accounts/lookup", value) for value in NO_ACCOUNT),
    ],
)
def test_json_of_another_shape_is_told(server: WebServer, route: str, value: Any) -> None:
    Instance(server, [])
    server.routes[route.format(an_account("acme_help")["id"])] = lambda asked: as_json(value)
    (told,) = [one for batch in read(a_source(server)).batches for one in batch.rejects]
    assert told.reason.startswith("Mastodon answered something that")


@pytest.mark.parametrize("thing", [7, "text", None, {}, [], {"id": []}, {"id": "1", "status": 7}])
@pytest.mark.parametrize("route", LISTS[:2])
def test_a_thing_that_is_no_status_is_set_aside(server: WebServer, route: str, thing: Any) -> None:
    Instance(server, [])
    server.routes[route] = lambda asked: as_json([thing, thing])
    assert sum(len(batch.rejects) for batch in read(a_source(server)).batches) >= 2


def test_a_token_is_no_name_of_a_file(
    server: WebServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / TOKEN).write_text("another\nhttps://elsewhere.example\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    Instance(server, [a_status()])
    assert len(read(a_source(server)).mentions) == 1


def test_an_instance_that_says_its_tags_are_closed_is_asked_all_the_same(
    server: WebServer,
) -> None:
    Instance(server, [a_status()])
    feeds = {"hashtag_feeds": {"local": "disabled", "remote": "disabled"}}
    value = {"configuration": {"timelines_access": feeds}}
    server.routes["/api/v2/instance/"] = lambda asked: as_json(value, Deprecation="true")
    assert len(read(a_source(server)).mentions) == 1


def test_a_check_says_who_we_are_and_what_is_read(server: WebServer) -> None:
    Instance(server, [])
    said = a_source(server, tags=("late",)).check()
    assert said == "as acme_help@example.social; tags: 2, accounts: 1, searches: 1"
    said = a_source(server, access_token="", follows=(ONLY_TAG,)).check()
    assert said == "without access_token, so nothing is searched; tags: 1, accounts: 0, searches: 0"


def test_a_check_tells_a_missing_right_from_a_wrong_token(server: WebServer) -> None:
    Instance(server, [], token="another")
    with pytest.raises(CollectorError, match="does not accept access_token"):
        a_source(server).check()
    Instance(server, [])
    server.routes[SEARCH] = lambda asked: as_json({"error": "outside the scopes"}, status=403)
    with pytest.raises(CollectorError, match="read:search"):
        a_source(server).check()


def test_without_anything_to_look_for_it_says_so(server: WebServer) -> None:
    error = refused(a_source(server, follows=(ONLY_WORDS,), access_token=""))
    assert (error.kind, "access_token" in str(error)) == (Trouble.SETTINGS, True)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"base_url": "http://example.social"}, "plain http"),
        ({"tags": ("late", "two words")}, r"tags\[2\]"),
        ({"follows": (a_subject(accounts={"mastodon": frozenset({"acme"})}),)}, "user@instance"),
    ],
)
def test_settings_that_cannot_be_asked_are_refused(
    server: WebServer, changes: Any, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        a_source(server, **changes)


@pytest.mark.parametrize(
    ("bot", "automatic"), [(True, True), (False, False), (None, False), ("yes", False), (1, False)]
)
def test_an_account_that_says_it_is_a_robot_is_one(bot: Any, automatic: bool) -> None:
    made = to_mention(a_status(account=an_account(bot=bot)), "masto", HOME)
    assert isinstance(made, Mention)
    assert made.automatic is automatic
    assert "automatic" not in write_record(made)


@pytest.mark.parametrize("name", [*a_status(), "uri", "spoiler_text", "edited_at", "language"])
@pytest.mark.parametrize(
    "value", [None, 7, -1, True, 1.5, "", "\0", [], [7], {}, {"acct": 7}, "9" * 90]
)
def test_a_field_of_any_type_breaks_nothing(name: str, value: Any) -> None:
    made = to_mention(a_status(**{name: value}), "masto", HOME)
    assert made is None or isinstance(made, Mention | Reject)


def recorded(name: str) -> list[Mapping[str, Any]]:
    found = json.loads((SHARED / f"c__test_{name}.json").read_text("utf-8"))["interactions"]
    return [one for one in found if one["request"]["method"] == "GET"]


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/fixtures is not here")
class TestRecorded:
    """What a real instance answered."""

    def play(self, server: WebServer, name: str) -> None:
        """By path alone: each question is answered as the recorded one was."""
        for one in recorded(name):
            path = one["request"]["uri"].removeprefix("http://localhost:3000").partition("?")[0]
            answer = one["response"]
            step = as_json(answer["body"], status=answer["status"])
            step = replace(step, headers={**step.headers, **answer["headers"]})
            server.routes[path] = lambda asked, step=step: step  # type: ignore[misc]

    def a_source(self, server: WebServer, query: str) -> Mastodon:
        follows = (a_subject("Hoot", query=parse(query), accounts={}),)
        return a_source(server, follows=follows, domain="localhost")

    def test_a_hashtags_timeline(self, server: WebServer) -> None:
        self.play(server, "hashtag_tl")
        source = replace(self.a_source(server, "#hoot"), access_token="")
        (mention,) = source.fetch(None, NOW).mentions
        assert "#hoot" in mention.text.casefold()
        assert mention.source_id.isdigit()
        assert mention.author == "mastodonpy_test_2@localhost"
        assert mention.said_at.tzinfo is UTC

    def test_mentions_of_an_account(self, server: WebServer) -> None:
        self.play(server, "notifications_mentions_only")
        (mention,) = self.a_source(server, "hello").fetch(None, NOW).mentions
        assert (mention.text, mention.author) == ("@mastodonpy_test hello!", "admin@localhost")

    def test_a_search_without_hits(self, server: WebServer) -> None:
        self.play(server, "search")
        server.routes["/api/v1/notifications"] = lambda asked: as_json([])
        assert read(self.a_source(server, "mastodonpy_test")).mentions == {}

    def test_what_an_account_wrote(self, server: WebServer) -> None:
        pages = [one["response"]["body"] for one in recorded("fetch_next_previous")[1:]]
        made = [to_mention(one, "masto", "localhost") for page in pages for one in page]
        assert [type(one) for one in made] == [Mention] * 15

    def test_an_edit(self) -> None:
        edited = next(
            body
            for one in recorded("status_edit")
            if isinstance(body := one["response"]["body"], dict) and body.get("edited_at")
        )
        mention = to_mention(edited, "masto", "localhost")
        assert isinstance(mention, Mention)
        assert mention.edited_at is not None
        assert mention.edited_at > mention.said_at

    def test_a_reply_names_what_it_answers(self) -> None:
        found = json.loads((SHARED / "c__test_status_reply.json").read_text("utf-8"))
        bodies = [one["response"]["body"] for one in found["interactions"]]
        made = [to_mention(one, "masto", "localhost") for one in bodies if "visibility" in one]
        kinds = {one.kind: one for one in made if isinstance(one, Mention)}
        assert kinds[Kind.REPLY].parent_id == kinds[Kind.POST].source_id
