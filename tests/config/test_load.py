"""The whole file: what each of our tables takes, refuses and only remarks on."""

from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import pytest

from listener.config import Language, Plugins, from_document, load, load_collector, loads
from listener.domain.mention import Channel
from listener.domain.promise import DEFAULT_PROMISES, Deserves
from listener.domain.spam import SpamRule
from listener.domain.week import Every, Weekday
from listener.errors import ConfigError
from listener.rules.influencer import InfluencerRule
from tests.config.plugins import ACME, CONFIG, ENVIRON, PLUGINS, Spike, mistakes, read

OIDC = '[web.oidc]\nclient_id = "listener"'


def one(text: str, *, brand: str = ACME) -> str:
    (mistake,) = mistakes(text, brand=brand)
    return mistake.removeprefix("config.toml: ")


def notes(text: str) -> list[str]:
    return [note.removeprefix("config.toml: ") for note in read(text).notes]


def test_one_subject_is_enough() -> None:
    config = read("")
    assert config.listener.database == Path("/etc/listener/listener.db")
    assert config.listener.timezone.key == "UTC"
    assert config.listener.language is Language.ENGLISH
    assert config.listener.keep == 13 * timedelta(days=30.44)
    assert (config.digest.every, config.digest.day) == (Every.WEEK, Weekday.MONDAY)
    assert config.digest.at == time(9)
    assert config.digest.day.days_after_monday == 0
    assert (config.web.host, config.web.port, config.web.public_url) == ("127.0.0.1", 8765, "")
    assert config.classify.sentiment == "default"
    assert config.promises == DEFAULT_PROMISES
    assert (config.collectors, config.notifiers, config.notes) == ({}, {}, ())


def test_spam_is_kept_aside_by_all_rules_or_by_those_that_are_named() -> None:
    assert read("").spam.rules == tuple(SpamRule)
    assert read('[spam]\nrules = ["jobs", "repeats"]').spam.rules == ("jobs", "repeats")
    assert read("[spam]\nrules = []").spam.rules == ()
    mistake = one('[spam]\nrules = ["job"]')
    assert mistake == '[spam] rules[1] "job" is unknown; did you mean jobs?'


def test_a_config_must_follow_somebody() -> None:
    assert one("", brand="") == "[[subjects]] is missing: name at least one brand"


def test_a_rule_watches_without_a_table_if_it_needs_no_key() -> None:
    assert read("").rules["spike"] == Spike(name="spike")
    assert "floor" not in read("").rules
    assert "floor" in read("[rules.floor]\nbelow = 3").rules


def test_a_source_may_have_a_name_of_its_own() -> None:
    config = read('[collectors.press]\ntype = "feed"\nurls = "https://a"\nevery = "1h"')
    assert config.collectors["press"].name == "press"
    assert config.collectors["press"].session == "a session for collectors press"


def test_a_promise_goes_over_ours() -> None:
    promises = read(
        '[respond.social]\nwhich = "question"\n[respond.ticket]\nwithin = "2d"'
    ).promises
    assert promises[Channel.SOCIAL].within == timedelta(hours=1)
    assert promises[Channel.SOCIAL].which == (Deserves.QUESTION,)
    assert promises[Channel.REVIEW] == DEFAULT_PROMISES[Channel.REVIEW]
    assert promises[Channel.TICKET].within == timedelta(days=2)


def test_what_is_still_in_time_is_not_too_late_to_be_told() -> None:
    assert read('[respond.ticket]\nwithin = "2d"').promises[Channel.TICKET].late_after == timedelta(
        2
    )
    text = '[respond.ticket]\nwithin = "2d"\nlate_after = "1h"'
    assert read(text).promises[Channel.TICKET].late_after == timedelta(hours=1)


def test_warnings_are_kept_in_order_and_once() -> None:
    promise = read("[respond.social]\nwarn_at = [0.8, 0.5, 0.8]").promises[Channel.SOCIAL]
    assert promise.warn_at == (0.5, 0.8)


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("[lisener]", "[lisener] is unknown; did you mean [listener]?"),
        ("[[topic]]", "[topic] is unknown; did you mean [[topics]]?"),
        ('databse = "x"', "databse stands in no table"),
        ('database = "x"', "database stands in no table; put it under [listener]"),
        ("web = 1", "[web] must be a table; found 1"),
        ("[[web]]", "[web] must be a table; found a list"),
        ('[listener]\nlanguage = "hun"', '[listener] language "hun" is unknown; did you mean hu?'),
        ('[listener]\nkeep = "1s"', "[listener] keep is too short"),
        ('[listener]\nkeep = "1000y"', "[listener] keep is too long"),
        ('[listener]\ndead_man_url = "hc.example"', "[listener] dead_man_url must be an address"),
        ("[collectors]\nx = 1", "[collectors] x must be a table, written [collectors.x]; found"),
        ("[collectors.redit]", '[collectors.redit] type "redit" is unknown; did you mean reddit?'),
        (
            '[collectors.news]\ntype = "fed"',
            '[collectors.news] type "fed" is unknown; did you mean feed?',
        ),
        ("[collectors.demo]\ntype = 1", "[collectors.demo] type must be a text in quotes; found 1"),
        ('[collectors."a b"]', '[collectors."a b"] must have a name without spaces, colons and'),
        ('[collectors."a:b"]', '[collectors."a:b"] must have a name without spaces, colons and'),
        ("[respond.socail]", "[respond.socail] is unknown; did you mean [respond.social]?"),
        ("[respond.news]", "[respond.news] within is missing"),
        ('[respond]\nwithin = "1h"', "[respond] within must be a table, written [respond.within]"),
        ('[respond.review]\nwithin = "0s"', "[respond.review] within must be longer than nothing"),
        (
            "[respond.social]\nwarn_at = [0.5, 0, 1.2]",
            "[respond.social] warn_at must hold shares above 0, up to 1; found 0, 1.2",
        ),
        (
            '[respond.social]\nwhich = ["negativ"]',
            '[respond.social] which[1] "negativ" is unknown; did you mean negative?',
        ),
        ("[rules.spyke]", "[rules.spyke] is unknown; did you mean [rules.spike]?"),
        ("[notify.slak]", "[notify.slak] is unknown; did you mean [notify.slack]?"),
        ('[notify.ops]\ntype = "slak"', '[notify.ops] type "slak" is unknown; did you mean slack?'),
        ("[notify.ops]\ntype = 1", "[notify.ops] type must be a text in quotes; found 1"),
        ("[notify]\nchannel = 1", "[notify] channel must be a table, written [notify.channel]"),
        ('[digest]\nday = "munday"', '[digest] day "munday" is unknown; did you mean monday?'),
        ('[digest]\nto = "cx"', '[digest] to must hold addresses such as "cx@example.com"; found'),
        ('[digest]\nto = "a@b\\nBcc: c@d"', "[digest] to must hold addresses"),
        ('[web]\nhost = "every one"', "[web] host must be an address of this machine"),
        ('[web]\nauth = "never"', '[web] auth "never" is unknown; there is auto, always'),
        ("[web]\nproxy = 7", "[web] proxy must be a table, written [web.proxy]; found"),
        ("[web.proxy]", "[web.proxy] from is missing"),
        ("[web.proxy]\nfrom = []", "[web.proxy] from must name the addresses of the proxy"),
        ('[web.proxy]\nfrom = "0.0.0.0/0"', '[web.proxy] from: "0.0.0.0/0" is no address'),
        ('[web.proxy]\nfrom = "10.0.0.5"\nheader = "Cookie"', "[web.proxy] header must name"),
        ('[web.proxy]\nfrom = "10.0.0.5"\nrole = "boss"', '[web.proxy] role "boss" is unknown'),
        (
            f'{OIDC}\nissuer = "http://id.example"\nemails = "kim@b.example"',
            "[web.oidc] issuer must be an address",
        ),
        (f'{OIDC}\nissuer = "https://id.example"', "[web.oidc] emails or domains must say"),
        (
            f'{OIDC}\nissuer = "https://id.example"\ndomains = "@acme.example"',
            '[web.oidc] domains: "@acme.example" is no domain',
        ),
        (
            '[web]\npublic_url = "http://listener.example.com"',
            "[web] public_url must be an address",
        ),
        ('[web]\npublic_url = "https://a.example/?x"', "[web] public_url must be an address"),
        ('[web]\npublic_url = "https://me@a.example"', "[web] public_url must be an address"),
        ("[web]\nport = 65536", "[web] port must be between 0 and 65535; found 65536"),
        ('[classify]\nsentiment = " "', "[classify] sentiment must name a model"),
    ],
)
def test_each_mistake_names_its_key(text: str, mistake: str) -> None:
    assert one(text).startswith(mistake)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("[collectors.yelp]\nevery = 5", "[collectors.yelp] is not built yet, and is left aside"),
        (
            '[classify]\nsentiment = "defualt"',
            '[classify] sentiment "defualt" is no model of ours;',
        ),
        (
            '[digest]\nto = "cx@example.com"',
            "[digest] to names readers, but without [notify.email]",
        ),
    ],
)
def test_what_is_accepted_and_does_nothing_is_noted_once(text: str, note: str) -> None:
    (found,) = notes(text)
    assert found.startswith(note)


@pytest.mark.parametrize("host", ["localhost", "::1", "127.0.0.2", "0.0.0.0", "::", "cx.example"])
def test_pages_are_shown_where_it_says(host: str) -> None:
    assert read(f'[web]\nhost = "{host}"').web.host == host


def test_a_proxy_is_known_by_its_address_alone() -> None:
    proxy = read('[web.proxy]\nfrom = ["10.0.0.5", "10.1.0.0/16", "fd00::5"]').web.proxy
    assert proxy is not None
    assert (proxy.header, proxy.role) == ("X-Forwarded-User", "reader")
    trusted = ("10.0.0.5", "10.1.2.3", "::ffff:10.0.0.5", "fd00::5", "fd00::5%eth0")
    assert all(proxy.trusts(peer) for peer in trusted)
    others = ("10.0.0.6", "10.2.0.1", "127.0.0.1", "::1", "", "10.0.0.5, 1.2.3.4", "fd00::6")
    assert not any(proxy.trusts(peer) for peer in others)


def test_a_provider_lets_in_who_is_named_and_no_domain_below() -> None:
    text = f'{OIDC}\nissuer = "https://id.example"\nemails = "kim@b.example"\ndomains = "A.example"'
    oidc = read(text).web.oidc
    assert oidc is not None
    assert all(oidc.admits(one) for one in ("kim@b.example", "KIM@B.example", "x@a.example"))
    others = ("lee@b.example", "x@sub.a.example", "x@a.example.evil", "a.example", "x@xa.example")
    assert not any(oidc.admits(one) for one in others)


def test_no_shadow_is_no_news() -> None:
    assert notes('[notify]\nshadow = "0d"') == []


def test_a_model_is_a_name_an_id_or_a_directory(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()

    def sentiment(name: str) -> str:
        document = {"classify": {"sentiment": name}, "subjects": [{"name": "A", "query": "a"}]}
        return from_document(document, tmp_path / "c.toml", PLUGINS).classify.sentiment

    assert sentiment("fast") == "fast"
    assert sentiment("org/model") == "org/model"
    assert sentiment("mine") == str(tmp_path / "mine")
    assert sentiment("./later") == str(tmp_path / "later")


def test_a_file_of_windows_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xef\xbb\xbf" + ACME.replace("\n", "\r\n").encode())
    assert load(path, PLUGINS).subjects[0].subject.name == "Acme"


def test_a_file_that_is_not_there_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no such file; `listener init` writes one"):
        load(tmp_path / "config.toml", PLUGINS)


def test_a_file_that_is_no_text_says_where(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"a = 1\nb = '\xff'\n")
    with pytest.raises(ConfigError, match=r"config\.toml: line 2: is not UTF-8 text"):
        load(path, PLUGINS)


def test_one_source_is_read_whatever_is_wrong_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    sources = '[collectors.news]\ntype = "feed"\nurls = ["u"]\n[collectors.old]\ntype = 1\n'
    path.write_text(f'[[subjects]]\nquery = "("\n{sources}[nothing]\n', encoding="utf-8")
    assert load_collector(path, PLUGINS, "news").urls == ("u",)
    assert load_collector(path, PLUGINS, "other") is None
    with pytest.raises(
        ConfigError, match=r"^config\.toml: \[collectors\.old\] type must be a text"
    ):
        load_collector(path, PLUGINS, "old")
    path.write_text("collectors = 1", encoding="utf-8")
    assert load_collector(path, PLUGINS, "news") is None


def test_a_folder_is_no_config(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load(tmp_path, PLUGINS)


def test_commands_without_a_file_may_follow_nobody() -> None:
    config = from_document({}, CONFIG, Plugins(), subjects_needed=False)
    assert config.subjects == ()


def test_the_example_of_the_design_is_read_with_notes_only() -> None:
    text = """
[listener]
database = "listener.db"
timezone = "Europe/Budapest"
language = "en"
keep = "13mo"
[[subjects]]
name = "Acme"
role = "brand"
query = '("acme air" OR @acmeair OR acmeair.com) NOT (coyote OR "acme corp")'
accounts = { x = "acmeair", reddit = ["acme_support"] }
about = "an airline, not the cartoon company"
must_match = ["..."]
must_not_match = ["..."]
[collectors.x]
bearer_token = "env:X_BEARER_TOKEN"
every = "2m"
monthly_budget_usd = 50
base_url = "..."
[classify]
sentiment = "default"
[[topics]]
name = "delivery"
[respond.social]
within = "1h"
warn_at = [0.5, 0.8]
which = ["negative", "question"]
hours = "always"
late_after = "24h"
[respond.review]
within = "7d"
which = ["negative"]
[rules.spike]
sensitivity = "balanced"
[rules.rating_drop]
[rules.influencer]
[notify]
shadow = "0d"
[notify.slack]
token = "env:SLACK_BOT_TOKEN"
channel = "#cx-alerts"
base_url = "https://slack.com/api/"
[notify.email]
host = "localhost"
port = 25
security = "starttls"
sender = "listener@example.com"
[[teams]]
name = "logistics"
[digest]
every = "week"
day = "monday"
at = "09:00"
to = ["cx@example.com"]
[web]
host = "127.0.0.1"
port = 8765
"""
    plugins = replace(PLUGINS, rules={**PLUGINS.rules, "influencer": InfluencerRule})
    config = loads(text, CONFIG, plugins, environ=ENVIRON)
    assert config.promises == DEFAULT_PROMISES
    assert config.notifiers["slack"].token == ENVIRON["SLACK_BOT_TOKEN"]
    assert config.notes == ()
    assert [topic.name for topic in config.topics] == ["delivery"]
