"""What influencers write: praise only where it is sure, criticism with its doubts, each once."""

from typing import Any

import pytest

from listener.config import loads
from listener.config.load import Plugins
from listener.domain.incident import Finding, Severity
from listener.domain.subject import Role
from listener.errors import ConfigError
from listener.rules.influencer import (
    InfluencerRule,
    InfluencerScene,
    Post,
    Says,
    joined,
    without,
)
from tests.builders import DAY, HOUR, NOW, a_voice
from tests.config.plugins import ACME, CONFIG

PRAISE, CRITICISM = Says.PRAISE, Says.CRITICISM


def a_post(number: int = 1, sentiment: str | None = "positive", **more: Any) -> Post:
    of_post = {name: more.pop(name) for name in list(more) if name in Post.__dataclass_fields__}
    given: dict[str, Any] = {"sentiment": sentiment, "author": "wanda", "confidence": 0.9}
    return Post(**({"influencer": "Wanda"} | of_post), voice=a_voice(number, **(given | more)))


def found(*posts: Post, rule: InfluencerRule | None = None, **scene: Any) -> list[Finding]:
    given: dict[str, Any] = {"subject_id": 1, "subject": "Acme", "role": Role.BRAND, "now": NOW}
    return (rule or InfluencerRule())(InfluencerScene(posts=posts, **(given | scene)))


@pytest.mark.parametrize(
    ("post", "said"),
    [
        (a_post(), PRAISE),
        (a_post(confidence=0.69), None),
        (a_post(confidence=None), PRAISE),
        (a_post(sentiment="neutral"), None),
        (a_post(sentiment=None), None),
        (a_post(others=("Boreal",)), None),
        (a_post(others=("Boreal",), is_own=True), PRAISE),
        (a_post(sentiment="negative"), CRITICISM),
        (a_post(sentiment="negative", confidence=0.6), None),
        (a_post(sentiment="negative", others=("Boreal",)), CRITICISM),
    ],
)
def test_only_what_is_sure_is_told(post: Post, said: Says | None) -> None:
    assert InfluencerRule().says(post) is said


def test_each_of_both_can_be_turned_off_and_rivals_on() -> None:
    good, bad = a_post(), a_post(sentiment="negative")
    assert InfluencerRule(praise=False).says(good) is None
    assert InfluencerRule(criticism=False).says(bad) is None
    assert InfluencerRule().says(good, Role.COMPETITOR) is None
    rule = InfluencerRule(competitors=True)
    assert rule.says(good, Role.COMPETITOR) is PRAISE
    assert rule.says(bad, Role.COMPETITOR) is None


def test_praise_says_who_where_and_how_far() -> None:
    (finding,) = found(a_post(followers=48_200, views=51_000))
    assert finding.title == "Wanda praises Acme"
    assert finding.why == "By wanda on x; reaches 51,000; the label is 90% sure."
    assert finding.severity is Severity.INFO
    assert finding.mentions == (1,)
    assert finding.evidence["reach"] == 51_000


def test_criticism_is_graver_and_is_to_be_answered_by_somebody() -> None:
    (finding,) = found(a_post(sentiment="negative"))
    assert finding.title == "Wanda criticises Acme"
    assert finding.severity is Severity.HIGH


def test_criticism_that_may_mean_another_says_so() -> None:
    (finding,) = found(a_post(sentiment="negative", others=("Boreal",)))
    assert finding.severity is Severity.WATCH
    assert finding.why.endswith("It names Boreal too: read who is meant.")


def test_praise_of_a_rival_is_for_information() -> None:
    rule = InfluencerRule(competitors=True)
    (finding,) = found(a_post(), rule=rule, role=Role.COMPETITOR, subject="Boreal")
    assert finding.title == "Wanda praises Boreal, a competitor"
    assert finding.severity is Severity.INFO


def test_what_is_old_told_or_said_before_is_silent() -> None:
    assert found(a_post(said_at=NOW - DAY - HOUR)) == []
    assert len(found(a_post(said_at=NOW - DAY - HOUR), rule=InfluencerRule(max_age=2 * DAY))) == 1
    assert found(a_post(is_repeat=True)) == []
    assert found(a_post(), told=frozenset({(1, PRAISE)})) == []
    assert len(found(a_post(), told=frozenset({(1, CRITICISM)}))) == 1


def test_influencers_and_what_they_say_are_apart() -> None:
    findings = found(
        a_post(1), a_post(2), a_post(3, sentiment="negative"), a_post(4, influencer="Max")
    )
    assert {f.key: f.mentions for f in findings} == {
        "influencer:Acme:Wanda:praise": (1, 2),
        "influencer:Acme:Wanda:criticism": (3,),
        "influencer:Acme:Max:praise": (4,),
    }
    assert next(f.title for f in findings if len(f.mentions) == 2) == (
        "Wanda praises Acme in 2 posts"
    )


def test_what_is_new_joins_what_was_there() -> None:
    (before,) = found(a_post(1, followers=100), now=NOW)
    (new,) = found(a_post(2, followers=90, author="wanda2"), now=NOW + HOUR)
    both = joined(new, before, "Acme")
    assert both.title == "Wanda praises Acme in 2 posts"
    assert both.evidence["rows"] == [2, 1]
    assert both.evidence["reach"] == 100
    assert both.evidence["accounts"] == ["wanda2 on x", "wanda on x"]
    assert both.mentions == (2,)


def test_what_is_taken_back_leaves_the_rest_or_nothing() -> None:
    (both,) = found(a_post(1), a_post(2))
    left = without(both, {1}, "Acme")
    assert left is not None
    assert (left.title, left.evidence["rows"]) == ("Wanda praises Acme", [2])
    assert [item["row"] for item in left.evidence["items"]] == [2]
    assert without(both, {1, 2}, "Acme") is None


def read(text: str) -> InfluencerRule:
    plugins = Plugins(rules={"influencer": InfluencerRule})
    rule: InfluencerRule = loads(f"{text}\n{ACME}", CONFIG, plugins, environ={}).rules["influencer"]
    return rule


def test_settings_are_read_from_the_file() -> None:
    rule = read('[rules.influencer]\npraise = false\nmin_confidence = 0.9\nmax_age = "2d"')
    assert rule == InfluencerRule(praise=False, min_confidence=0.9, max_age=2 * DAY)
    assert read("") == InfluencerRule()


@pytest.mark.parametrize("line", ["min_confidence = 1.5", 'max_age = "1s"', "praises = true"])
def test_mistakes_are_named(line: str) -> None:
    with pytest.raises(ConfigError, match=line.partition(" ")[0]):
        read(f"[rules.influencer]\n{line}")
