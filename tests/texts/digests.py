"""Builders of digests: a crisis week, a quiet one, an empty one; and what hostile people write."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from listener.domain.actions import Standing
from listener.domain.digest import (
    AsideRow,
    Counts,
    Day,
    DigestData,
    Gap,
    Late,
    LateRow,
    Pattern,
    PersonLine,
    Praise,
    PromiseLine,
    Question,
    RecoveryLine,
    SourceRow,
    SpikeLine,
    SubjectWeek,
    Theme,
    share_of_voice,
)
from listener.domain.incident import Quote, Severity
from listener.domain.mention import Channel
from listener.domain.subject import Role
from listener.domain.themes import Move
from listener.domain.week import Week

WEEK = Week(2026, 47)
ZONE = "Europe/Budapest"
START, END = WEEK.span(ZoneInfo(ZONE))
MADE = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
FIRST_DAY = date(2026, 11, 9)


def counts(negative: int, neutral: int, positive: int, unlabelled: int = 0) -> Counts:
    return Counts(
        mentions=negative + neutral + positive + unlabelled,
        negative=negative,
        neutral=neutral,
        positive=positive,
    )


def a_quote(text: str, author: str | None = "kata_b", number: int = 1, source: str = "x") -> Quote:
    return Quote(
        name=f"{source}:{1790000000000 + number}",
        author=author,
        text=text,
        said_at=START + timedelta(hours=7 * number),
        url=f"https://example.com/{source}/{number}",
    )


def the_days(
    parts: list[tuple[int, int, int]],
    holes: dict[int, float] | None = None,
    events: dict[int, tuple[str, ...]] | None = None,
) -> list[Day]:
    measured, known = holes or {}, events or {}
    return [
        Day(
            date=FIRST_DAY + timedelta(days=i),
            counts=counts(*part),
            measured=measured.get(i, 1.0),
            events=known.get(i, ()),
        )
        for i, part in enumerate(parts)
    ]


BARS = [
    (14, 27, 22), (12, 25, 18), (15, 24, 19), (13, 31, 20), (0, 0, 0), (8, 14, 11), (9, 15, 12),
    (12, 26, 17), (14, 25, 19), (13, 24, 16), (46, 31, 12), (22, 27, 14), (11, 20, 15),
    (10, 19, 19),
]  # fmt: skip

SALE, RELEASE = "Winter sale 2026", "App 5 <beta>"
EVENTS = {9: (SALE,), 10: (SALE, RELEASE), 11: (SALE,)}

THEMES = (
    Theme(
        name="delivery",
        mentions=97,
        negative=69,
        mentions_before=38,
        negative_before=14,
        quotes=(
            a_quote(
                "Third parcel in a row that “could not be delivered”. I was at home all day, "
                "nobody rang. What am I paying for?",
                number=1,
            ),
            a_quote(
                "A csomagom két hete úton van, az ügyfélszolgálat pedig annyit mond, hogy várjak.",
                "nagy.peter",
                number=2,
                source="reddit",
            ),
        ),
    ),
    Theme(
        name="billing",
        mentions=41,
        negative=22,
        mentions_before=35,
        negative_before=19,
        quotes=(
            replace(
                a_quote("Charged twice for one order & no answer for four days.", None, number=3),
                places=((18, 27),),
            ),
            replace(
                a_quote(
                    "多扣了一次款，客服一直没有回复，太失望了。", "小林", number=4, source="weibo"
                ),
                sentiment="negative",
                confidence=0.52,
                places=((0, 1), (3, 5)),
            ),
        ),
    ),
    Theme(name="app", mentions=52, negative=9, mentions_before=49, negative_before=30),
    Theme(name="staff", mentions=23, negative=2, mentions_before=21, negative_before=3),
)

PATTERNS = (
    Pattern(
        name="seat · app · map",
        mentions=34,
        negative=26,
        people=31,
        move=Move.NEW,
        before=0.0,
        is_undefined=True,
        quotes=(a_quote("The seat map shows seats that are taken, again.", number=5),),
    ),
    Pattern(
        name="voucher",
        mentions=21,
        negative=8,
        people=19,
        move=Move.RISING,
        before=8.5,
        is_undefined=False,
    ),
    Pattern(
        name="wifi",
        mentions=12,
        negative=4,
        people=12,
        move=Move.STEADY,
        before=11.25,
        is_undefined=True,
    ),
)
QUESTIONS = (
    Question(
        people=14, mentions=16, quotes=(a_quote("Can I move to an earlier flight?", number=6),)
    ),
)

ACME = SubjectWeek(
    name="Acme",
    role=Role.BRAND,
    now=counts(128, 172, 112),
    before=counts(71, 136, 102),
    days=tuple(the_days(BARS, {4: 0.0, 5: 0.71}, EVENTS)),
    topics=THEMES,
    patterns=PATTERNS,
    questions=QUESTIONS,
)
COYOTE = SubjectWeek(
    name="Coyote Air", role=Role.COMPETITOR, now=counts(61, 90, 74), before=counts(66, 84, 70)
)
ROADRUNNER = SubjectWeek(
    name="Roadrunner", role=Role.COMPETITOR, now=counts(4, 6, 7), before=counts(5, 3, 4)
)

SPIKES = (
    SpikeLine(
        subject="Acme",
        title="Negative spike: Acme",
        severity=Severity.HIGH,
        opened_at=datetime(2026, 11, 19, 9, 35, tzinfo=UTC),
        resolved_at=datetime(2026, 11, 19, 14, 10, tzinfo=UTC),
        peak_mentions=38,
        peak_negative=31,
        why="31 negative mentions in 60 minutes where 4 are usual, from 27 people; most of it "
        "about delivery.",
        acknowledged_by="agent-1",
        incident=12,
    ),
    SpikeLine(
        subject="Acme",
        title="Acme: 12 negative mentions in 30 min",
        severity=Severity.WATCH,
        opened_at=datetime(2026, 11, 21, 9, 35, tzinfo=UTC),
        peak_mentions=15,
        peak_negative=12,
        why="12 of 15 mentions in 30 min are negative.",
        incident=14,
        rule="spike",
        window_minutes=30,
        expected=0.42,
        authors=11,
        topics=("billing", "app"),
    ),
)
PROMISES = (
    PromiseLine(
        channel=Channel.SOCIAL,
        within=timedelta(hours=1),
        due=141,
        kept=103,
        late=33,
        open=5,
        overdue=4,
        oldest_open_h=6.2,
        average_first_response_s=2710,
        median_first_response_s=1864,
        n=136,
        kept_before=61,
        late_before=38,
    ),
    PromiseLine(
        channel=Channel.REVIEW,
        within=timedelta(days=7),
        due=14,
        kept=9,
        late=1,
        open=4,
        oldest_open_h=101.5,
        average_first_response_s=190_000,
        median_first_response_s=151_000,
        n=10,
        kept_before=11,
        late_before=4,
    ),
)
SOURCES = (
    SourceRow(
        name="x",
        mentions=251,
        negative=88,
        last_success=MADE - timedelta(minutes=2),
        month_usd=31.2,
        forecast_usd=40.7,
        mention_usd=0.0213,
    ),
    SourceRow(
        name="reddit",
        mentions=94,
        negative=31,
        last_success=MADE - timedelta(hours=13),
        error="reddit: 503 Service Unavailable; asked again at 09:10",
    ),
    SourceRow(name="app_store", mentions=67, negative=9, last_success=MADE - timedelta(minutes=41)),
)
RECOVERIES = (
    RecoveryLine(subject="Acme Air", up=5, down=1, before=1.5, after=3.83, median_s=2.4 * 86_400),
)
GAPS = (
    Gap(
        source="reddit",
        start=datetime(2026, 11, 17, 1, 0, tzinfo=UTC),
        end=datetime(2026, 11, 17, 8, 0, tzinfo=UTC),
    ),
    Gap(source="reddit", start=datetime(2026, 11, 22, 18, 55, tzinfo=UTC), end=None),
)

CRISIS = DigestData(
    week=WEEK,
    start=START,
    end=END,
    zone=ZONE,
    made_at=MADE,
    subjects=(ACME, COYOTE, ROADRUNNER),
    coverage=GAPS,
    aside=(AsideRow(subject="Acme Air", mentions=1234), AsideRow(subject="Coyote", mentions=3)),
    sources=SOURCES,
    recoveries=RECOVERIES,
    spikes=SPIKES,
    promises=PROMISES,
    share_of_voice=share_of_voice((ACME, COYOTE, ROADRUNNER)),
    late_arrivals=12,
    late=Late(
        sources=(
            LateRow(source="app_store", mentions=9, negative=5),
            LateRow(source="reddit", mentions=3, negative=0),
        ),
        quotes=(a_quote("The app logs me out every day.", "jo", number=8, source="app_store"),),
    ),
    spent_usd=7.31,
    people=(
        PersonLine(
            standing=Standing.PROMOTER,
            subject="Acme",
            mentions=3,
            negative=0,
            positive=3,
            reach=12_400,
            action="Thank them by name, and open a conversation",
            quotes=(a_quote("Best crew I have ever flown with.", "wanda", number=9),),
        ),
        PersonLine(
            standing=Standing.PROMOTER,
            subject="Acme",
            mentions=2,
            negative=0,
            positive=2,
            action="Gone with the words that were taken out",
        ),
        PersonLine(
            standing=Standing.CRITIC,
            subject="Acme",
            mentions=4,
            negative=3,
            positive=0,
            reach=830,
            answered=True,
            action="Win them back: answer in person, by name",
            quotes=(a_quote("Four mails, no answer. Never again.", "peter", number=10),),
        ),
    ),
    model="fast 2026.11",
)


def in_language(language: str, data: DigestData = CRISIS) -> DigestData:
    return replace(data, language=language)


NOTHING = replace(
    CRISIS,
    aside=(),
    subjects=(SubjectWeek(name="Acme", role=Role.BRAND, now=Counts(), before=Counts()),),
    coverage=(),
    sources=(SourceRow(name="x", mentions=0, negative=0, last_success=MADE),),
    spikes=(),
    promises=(replace(PROMISES[0], due=0, kept=0, late=0, open=0, overdue=0, n=0),),
    share_of_voice=(),
    late_arrivals=0,
    late=None,
    spent_usd=None,
    people=(),
)

FEW = replace(
    CRISIS,
    subjects=(
        replace(
            ACME,
            now=counts(3, 4, 2, 1),
            before=counts(1, 2, 2),
            days=tuple(the_days([(0, 1, 0)] * 7 + [(1, 1, 0)] * 3 + [(0, 0, 0)] * 4)),
            topics=(),
            terms=(Theme(name="refund", mentions=3, negative=3, negative_before=0),),
        ),
    ),
    coverage=(),
    sources=SOURCES[:1],
    spikes=(),
    promises=(replace(PROMISES[1], due=3, kept=2, late=0, open=1, n=2),),
    share_of_voice=(),
    late_arrivals=1,
    late=None,
    spent_usd=None,
    people=(),
)

SECOND = replace(
    ACME,
    name="Acme Cargo",
    now=counts(20, 60, 70, 5),
    before=counts(44, 58, 51),
    days=tuple(the_days([(6, 8, 7)] * 7 + [(3, 9, 10)] * 7)),
    topics=(),
    terms=(Theme(name="customs", mentions=9, negative=9, mentions_before=2, negative_before=2),),
)
TWO_BRANDS = replace(
    CRISIS,
    subjects=(ACME, SECOND, COYOTE),
    share_of_voice=share_of_voice((ACME, SECOND, COYOTE)),
    promises=(
        replace(PROMISES[0], subject="Acme"),
        replace(PROMISES[1], subject="Acme Cargo", oldest_open_h=None),
    ),
    missed=(Week(2026, 44), Week(2026, 45)),
)

TEAM = replace(
    CRISIS,
    team="Logistics",
    owned=("delivery", "packaging"),
    subjects=(
        SubjectWeek(
            name="Logistics",
            role=Role.BRAND,
            now=counts(69, 16, 12),
            before=counts(14, 15, 9),
            whole=ACME.now,
            whole_before=ACME.before,
            topics=(
                THEMES[0],
                Theme(
                    name="packaging",
                    mentions=0,
                    negative=0,
                    mentions_before=22,
                    negative_before=20,
                ),
            ),
        ),
    ),
    coverage=(),
    aside=(),
    sources=(),
    recoveries=(),
    share_of_voice=(),
    late_arrivals=0,
    late=None,
    spent_usd=None,
    people=(),
    spikes=(
        SPIKES[0],
        replace(
            SPIKES[0],
            title="App: stars fell",
            severity=Severity.WATCH,
            resolved_at=None,
            peak_mentions=0,
            peak_negative=0,
            acknowledged_by=None,
            incident=13,
        ),
    ),
    promises=(replace(PROMISES[0], due=40, kept=31, late=7, open=2, overdue=1, n=38),),
    praise=Praise(
        mentions=12,
        people=11,
        quotes=(a_quote("The courier waited until I was home. Thank you!", number=7),),
    ),
)
TEAM_QUIET = replace(
    TEAM,
    subjects=(replace(TEAM.subjects[0], now=Counts(), topics=()),),
    spikes=(),
    promises=(replace(PROMISES[0], due=1, kept=1, late=0, open=0, overdue=0, n=1),),
    praise=None,
)
TEAM_NOTHING = replace(TEAM_QUIET, promises=())
