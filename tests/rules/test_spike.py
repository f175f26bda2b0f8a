import json
import random
from datetime import UTC, datetime, timedelta, timezone

import pytest

from listener.rules.spike import Detector
from listener.rules.spike.baseline import Baseline

MONDAY = datetime(2024, 3, 4, tzinfo=UTC)
STEP = timedelta(minutes=5)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def a_quiet_brand(days: int = 21, sensitivity: str = "balanced") -> tuple[Detector, datetime]:
    """A detector that has seen about two negatives among seven mentions a day, and what is next."""
    detector, start, chance = Detector(sensitivity), MONDAY, random.Random(7)
    for _ in range(days * 288):
        mentions = chance.random() < 7 / 288
        negative = mentions and chance.random() < 2 / 7
        assert not detector.observe(start, int(mentions), int(negative))
        start += STEP
    return detector, start


def a_busy_brand(days: int = 16) -> tuple[Detector, datetime]:
    """240 mentions an hour, a fifth of them negative, day and night."""
    detector, start, chance = Detector(), MONDAY, random.Random(3)
    for _ in range(days * 288):
        mentions = chance.randint(14, 26)
        negative = sum(chance.random() < 0.2 for _ in range(mentions))
        assert not detector.observe(start, mentions, negative)
        start += STEP
    return detector, start


def test_25_negatives_in_ten_minutes_on_a_quiet_brand_fire_within_them() -> None:
    detector, now = a_quiet_brand()
    detector.observe(now, 12, 12)
    assert detector.observe(now + STEP, 13, 13)
    last = detector.last
    assert last is not None
    assert last["severity"] in ("high", "critical")
    assert last["negative"] >= 12
    assert last["lift"] > 15
    assert datetime.fromisoformat(last["started_at"]) <= now + STEP


def test_mentions_that_come_one_by_one_fire_while_the_bucket_is_open() -> None:
    detector, now = a_quiet_brand()
    answers = [detector.observe(now, 1, 1) for _ in range(25)]
    assert not answers[0]
    assert answers[-1]
    assert detector.firing_now


def test_three_times_almost_nothing_is_still_almost_nothing() -> None:
    detector, now = a_quiet_brand()
    assert not detector.observe(now, 4, 4)


def test_a_viral_surge_with_the_usual_share_is_no_alarm() -> None:
    detector, now = a_busy_brand()
    for i in range(36):
        assert not detector.observe(now + i * STEP, 300, 60)


def test_more_negatives_among_more_mentions_are_one() -> None:
    detector, now = a_busy_brand()
    assert any(detector.observe(now + i * STEP, 60, 44) for i in range(3))


def test_a_doubled_day_spread_thin_is_worth_watching() -> None:
    detector, now = a_busy_brand()
    answers = [detector.observe(now + i * STEP, 24, 10) for i in range(288)]
    assert answers[-1]
    assert detector.last is not None
    assert detector.last["severity"] == "watch"


def test_there_is_no_alarm_in_the_first_day() -> None:
    detector = Detector("sensitive")
    for i in range(288):
        assert not detector.observe(MONDAY + i * STEP, 50 if i > 200 else 0, 50 if i > 200 else 0)
    assert detector.learning


def test_a_brand_two_days_old_can_have_a_crisis() -> None:
    detector, now = a_busy_brand(days=2)
    assert any(detector.observe(now + i * STEP, 160, 140) for i in range(6))
    assert detector.last is not None
    assert detector.last["learning"]


def test_what_an_alert_told_is_not_told_again_the_day_after() -> None:
    detector, chance, told = Detector(), random.Random(5), []
    for i in range(16 * 288):
        day, bucket = divmod(i, 288)
        crisis = day == 14 and 200 <= bucket < 296
        lively = day == 15 and 100 <= bucket < 124  # more than usual, but no alarm by itself
        negative = (chance.random() < 0.15) + 3 * crisis + (lively and chance.random() < 0.35)
        told.append(detector.observe(MONDAY + i * STEP, 1 + negative, negative))
    begun, ended = told.index(True), told.index(False, told.index(True))
    assert 14 * 288 + 200 <= begun < 14 * 288 + 206
    assert not any(told[ended:])


def test_an_alert_ends_after_60_quiet_minutes_and_not_before() -> None:
    detector, now = a_quiet_brand()
    assert detector.observe(now, 25, 25)
    while detector.firing_now:
        now += STEP
        assert detector.observe(now, 0, 0)
    assert detector.quiet_since == now
    for _ in range(11):
        now += STEP
        assert detector.observe(now, 0, 0)
    assert not detector.observe(now + STEP, 0, 0)
    assert detector.state()["alerting"] is False
    assert detector.quiet_since is None


def test_a_short_burst_is_over_within_three_hours_though_longer_windows_still_hold_it() -> None:
    detector, now = a_quiet_brand()
    detector.observe(now, 25, 25)
    answers = [detector.observe(now + i * STEP, 0, 0) for i in range(1, 37)]
    assert not answers[-1]


def test_an_outage_does_not_end_an_alert() -> None:
    detector, now = a_quiet_brand()
    detector.observe(now, 25, 25)
    for i in range(1, 60):
        detector.no_data(now + i * STEP)
    assert detector.alerting


def test_a_gap_is_not_a_zero() -> None:
    told, ignorant = a_busy_brand(days=3)[0], a_busy_brand(days=3)[0]
    now = MONDAY + 3 * DAY
    for i in range(3 * 288):
        told.no_data(now + i * STEP)
        ignorant.observe(now + i * STEP, 0, 0)
    before = a_busy_brand(days=3)[0]
    usual = expected_in_an_hour(before, now)
    assert expected_in_an_hour(told, now + 3 * DAY) == pytest.approx(usual, rel=0.15)
    assert expected_in_an_hour(ignorant, now + 3 * DAY) < 0.7 * usual


def expected_in_an_hour(detector: Detector, now: datetime) -> float:
    """What a crisis large enough to fire is compared with, as of an hour."""
    for i in range(12):
        detector.observe(now + i * STEP, 2000, 1900)
    assert detector.last is not None
    return float(detector.last["expected"]) / float(detector.last["window_minutes"]) * 60


def test_the_backlog_after_an_outage_is_no_alarm() -> None:
    detector, now = a_busy_brand()
    for i in range(36):
        detector.no_data(now + i * STEP)
    now += 36 * STEP
    assert not detector.observe(now, 36 * 20, 36 * 4)
    for i in range(1, 24):
        assert not detector.observe(now + i * STEP, 20, 4)


def test_a_backlog_given_to_the_time_it_was_said_is_looked_at() -> None:
    detector, now = a_busy_brand()
    for i in range(12):
        detector.no_data(now + i * STEP)
    for i in range(12, 18):
        detector.observe(now + i * STEP, 20, 4)
    assert any(detector.observe(now + i * STEP, 90, 80) for i in range(12))


def test_late_mentions_count_for_the_time_they_were_said() -> None:
    detector, now = a_quiet_brand()
    for i in range(36):
        assert not detector.observe(now + i * STEP, 0, 0)
    assert any(detector.observe(now + i * STEP, 5, 5) for i in range(5))
    assert detector.last is not None
    assert datetime.fromisoformat(detector.last["started_at"]) <= now + 4 * STEP


def test_what_is_found_a_day_late_is_no_alarm() -> None:
    detector, now = a_quiet_brand()
    detector.skip(now, now + 10 * HOUR)
    assert not any(detector.observe(now + i * STEP, 5, 5) for i in range(5))
    assert not detector.observe(now - 3 * DAY, 500, 500)


def test_a_late_mention_does_not_bring_back_an_alert_that_is_over() -> None:
    detector, now = a_quiet_brand()
    detector.observe(now, 25, 25)
    detector.skip(now + STEP, now + 4 * HOUR)
    assert not detector.alerting
    assert not detector.observe(now, 1, 1)


def test_corrections_take_back_but_never_below_nothing() -> None:
    detector, now = a_quiet_brand()
    detector.observe(now, 3, 3)
    detector.observe(now, -10, -10)
    assert not detector.observe(now, 4, 4)
    detector.observe(now + STEP, -1, -1)
    assert not detector.observe(now + STEP, 0, 0)


def test_a_crisis_does_not_teach_that_crises_are_usual() -> None:
    detector, now = a_busy_brand()
    for i in range(8 * 12):
        detector.observe(now + i * STEP, 100, 84)
    detector.skip(now + 8 * HOUR, now + 2 * DAY)
    assert any(detector.observe(now + 2 * DAY + i * STEP, 100, 84) for i in range(3))


def test_a_new_normal_is_learned_in_the_end() -> None:
    detector, now = a_busy_brand()
    answers = [detector.observe(now + i * STEP, 60, 40) for i in range(40 * 288)]
    assert answers[12]
    assert not answers[-1]


def test_where_almost_all_is_negative_a_surge_of_it_is_an_alarm() -> None:
    detector, now, chance = Detector(), MONDAY, random.Random(5)
    for _ in range(15 * 288):
        mentions = int(chance.random() < 0.5)
        detector.observe(now, mentions, int(mentions and chance.random() < 0.7))
        now += STEP
    assert any(detector.observe(now + i * STEP, 6, 6) for i in range(6))


def test_a_sensitive_detector_hears_what_a_calm_one_does_not() -> None:
    heard = {}
    for sensitivity in ("calm", "balanced", "sensitive"):
        detector, now = a_quiet_brand(sensitivity=sensitivity)
        heard[sensitivity] = next(n for n in range(1, 50) if detector.observe(now, 1, 1))
    assert heard["sensitive"] <= heard["balanced"] <= heard["calm"]
    assert heard["sensitive"] < heard["calm"]


def test_an_unknown_sensitivity_is_refused_in_clear_words() -> None:
    with pytest.raises(ValueError, match="'nervous'; it is one of calm, balanced, sensitive"):
        Detector("nervous")


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        Detector().observe(datetime(2024, 3, 4), 1, 1)


def test_times_are_taken_down_to_their_bucket_whatever_their_zone() -> None:
    one, other = Detector(), Detector()
    one.observe(MONDAY, 3, 1)
    other.observe(MONDAY.astimezone(timezone(timedelta(hours=8))) + timedelta(seconds=200), 3, 1)
    assert one.state() == other.state()


def test_the_evidence_says_what_a_reader_needs() -> None:
    detector, now = a_quiet_brand()
    detector.observe(now, 25, 25)
    last = detector.last
    assert last is not None
    assert set(last) == {
        "at", "opened_at", "started_at", "window_minutes", "mentions", "negative", "expected",
        "lift", "excess_per_hour", "share", "usual_share", "p_value", "p_volume", "p_share",
        "p_given_others", "severity", "learning",
    }  # fmt: skip
    assert last["at"] == now.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert 0 < last["p_value"] < 1e-6
    assert 0.1 < last["usual_share"] < 0.5
    assert last["learning"] is False


def test_nothing_has_been_said_before_the_first_alarm() -> None:
    assert Detector().last is None
    assert not Detector().alerting


def test_the_state_is_small_and_knows_its_version() -> None:
    detector, _ = a_busy_brand()
    text = json.dumps(detector.state())
    assert len(text) < 20_000
    with pytest.raises(ValueError, match="version 99"):
        Detector.from_state({**detector.state(), "version": 99})


def test_others_of_the_same_window_tell_how_lively_it_was() -> None:
    """As many negatives are less of a surprise where more of everything came."""
    baseline = Baseline()
    usual_others = 2.0 * (1.0 - baseline.share) / baseline.share
    as_usual, _ = baseline.given_others(2.0, 1.0, 0.0, others=round(usual_others))
    lively, _ = baseline.given_others(2.0, 1.0, 0.0, others=round(4 * usual_others))
    still, _ = baseline.given_others(2.0, 1.0, 0.0, others=0)
    assert still < as_usual < lively
    assert as_usual == pytest.approx(2.0, rel=0.1)
