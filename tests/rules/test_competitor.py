"""A competitor's trouble: an opening where we are as usual, else an early warning."""

from typing import Any

import pytest

from listener.config import loads
from listener.config.load import Plugins
from listener.domain.incident import Finding, Severity
from listener.domain.voice import Crowd
from listener.errors import ConfigError
from listener.rules.competitor import CompetitorRule, CompetitorScene, Means
from listener.rules.spike.scene import SpikeScene
from listener.rules.spike.whose import Rival
from tests.builders import NOW, a_voice
from tests.config.plugins import ACME, CONFIG

QUIET = (2, 3, 1, 4, 2, 0, 3, 2, 1, 5, 2, 3, 2, 1)
ALARM: dict[str, Any] = {
    "window_minutes": 15, "mentions": 40, "negative": 30, "expected": 2.0, "lift": 15.0,
    "p_value": 1e-12, "p_volume": 1e-12, "p_share": 1e-4, "p_given_others": 1e-12, "share": 0.75,
    "usual_share": 0.2,
    "excess_per_hour": 100.0, "learning": False, "started_at": "2026-11-22T11:45:00Z",
    "at": "2026-11-22T11:55:00Z", "opened_at": "2026-11-22T11:45:00Z", "severity": "critical",
}  # fmt: skip
VOICES = tuple(a_voice(n, text=f"Boreal: {n} bags lost", topics=("bags",)) for n in range(1, 31))


def a_rival(name: str, negative: int = 3) -> Rival:
    return Rival(name=name, negative=negative, before=QUIET)


def found(*rivals: Rival, rule: CompetitorRule | None = None, **scene: Any) -> Finding | None:
    negatives = scene.pop("negatives", VOICES)
    spike = SpikeScene(
        subject_id=2,
        subject="Boreal",
        now=NOW,
        alarm=ALARM | scene.pop("alarm", {}),
        negatives=negatives,
        people=Crowd.of(negatives),
        rivals=rivals,
    )
    given: dict[str, Any] = {"ours": frozenset({"Acme", "Apex"}), "topics": {}}
    return (rule or CompetitorRule())(CompetitorScene(spike=spike, **(given | scene)))


def told(*rivals: Rival, **scene: Any) -> Finding:
    finding = found(*rivals, **scene)
    assert finding is not None
    return finding


def test_where_we_are_as_usual_it_is_an_opening() -> None:
    finding = told(a_rival("Acme"), a_rival("Cirrus"))
    assert finding.key == "competitor:Boreal"
    assert finding.rule == "competitor"
    assert finding.severity is Severity.INFO
    assert finding.title == "Boreal, a competitor: 30 negative mentions in 15 min, an opening"
    assert finding.why.startswith("30 of 40 mentions are negative: 75%, usually 20%.")
    assert "Topics that rose: bags." in finding.why
    assert finding.why.endswith("Topics that rose: bags. Acme is as usual.")
    assert finding.evidence["means"] == "opening"
    assert [one["subject"] for one in finding.evidence["ours"]] == ["Acme"]
    assert [one["subject"] for one in finding.evidence["others"]] == ["Cirrus"]
    assert "whose" not in finding.evidence


def test_where_a_brand_of_ours_rose_it_is_an_early_warning() -> None:
    finding = told(a_rival("Acme", 20), a_rival("Apex"), a_rival("Cirrus"), a_rival("Delta"))
    assert finding.evidence["means"] == "warning"
    assert finding.severity is Severity.WATCH
    assert finding.why.endswith("Ours rose too: Acme has 20, usually 2.")


def test_a_topic_of_theirs_that_rose_with_us_warns_too() -> None:
    topics = {"bags": (a_rival("Acme", 12), a_rival("Apex", 2))}
    finding = told(a_rival("Acme"), topics=topics)
    assert finding.evidence["same_topics"] == [
        {"topic": "bags", "subject": "Acme", "negative": 12, "usual": 2.21}
    ]
    assert finding.why.endswith("Ours rose too: Acme has 12, usually 2 about bags.")


def test_half_of_the_others_are_the_sector() -> None:
    finding = told(a_rival("Acme"), a_rival("Cirrus", 30), a_rival("Delta"))
    assert finding.severity is Severity.WATCH
    assert finding.why.endswith(
        "Others rose too: Cirrus has 30, usually 2. Acme is still as usual."
    )
    one_of_three = (a_rival("Cirrus", 30), a_rival("Delta"), a_rival("Echo"))
    assert told(a_rival("Acme"), *one_of_three).severity is Severity.INFO


def test_without_a_past_of_ours_nothing_is_said_of_us() -> None:
    assert told().why.endswith("Topics that rose: bags.")


def test_many_brands_are_counted_not_named() -> None:
    names = ("Acme", "Apex", "Axis", "Aura")
    finding = told(*map(a_rival, names), ours=frozenset(names))
    assert finding.why.endswith("Our 4 brands are as usual.")


def test_few_people_are_no_trouble_and_it_never_pages() -> None:
    assert found(negatives=VOICES[:4]) is None
    assert told(alarm={"severity": "critical"}).severity is Severity.INFO


def test_only_what_is_asked_for_is_told() -> None:
    rule = CompetitorRule(which=(Means.WARNING,))
    assert found(a_rival("Acme"), rule=rule) is None
    assert found(a_rival("Acme", 20), rule=rule) is not None


def read(text: str) -> CompetitorRule:
    plugins = Plugins(rules={"competitor": CompetitorRule})
    rule: CompetitorRule = loads(f"{text}\n{ACME}", CONFIG, plugins, environ={}).rules["competitor"]
    return rule


def test_settings_are_read_from_the_file() -> None:
    rule = read('[rules.competitor]\nsensitivity = "balanced"\nwhich = ["warning"]')
    assert rule == CompetitorRule(sensitivity="balanced", which=(Means.WARNING,))
    assert rule.spike.sensitivity == "balanced"
    assert read("") == CompetitorRule()


@pytest.mark.parametrize("line", ['sensitivity = "wild"', 'which = ["gloating"]'])
def test_mistakes_are_named(line: str) -> None:
    with pytest.raises(ConfigError, match=line.partition(" ")[0]):
        read(f"[rules.competitor]\n{line}")
