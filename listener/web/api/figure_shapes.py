"""What is answered of measures, and of the lists that are short."""

from pydantic import Field

from listener.domain.measures import Unit
from listener.domain.subject import Role
from listener.domain.themes import Move
from listener.web.api.shape import Day, Moment, Open, Shape


class Measure(Shape):
    """A measure with its 95 % interval, as `listener measures` has it."""

    subject: str
    role: Role
    measure: str
    value: float
    low: float | None
    high: float | None
    n: int = Field(description="What it rests on.")
    unit: Unit
    enough: bool = Field(description="False: too few to tell.")
    assumed: bool
    note: str


class Measures(Shape):
    """The measures of a span."""

    since: Moment
    until: Moment
    items: list[Measure]


class ResponseTimes(Shape):
    """How soon was answered, as `listener responses` has it. Times in seconds."""

    name: str = Field(
        description="Team, channel or subject; all: of all together. Empty: of no team."
    )
    questions: int
    answered: int
    in_time: int
    late: int
    open: int
    overdue: int
    share_in_time: float | None
    average_s: float | None
    median_s: float | None
    p90_s: float | None
    people_answered: int
    people_in_time: int
    people_share_in_time: float | None
    people_average_s: float | None
    people_median_s: float | None
    people_p90_s: float | None
    oldest_open: Moment | None
    oldest_open_s: float | None
    detection_median_s: float | None
    detection_p90_s: float | None


class Responses(Shape):
    """The response times of a span."""

    since: Moment
    items: list[ResponseTimes]


class Subject(Shape):
    """Whom we follow."""

    name: str
    role: Role
    query: str


class Subjects(Shape):
    """All that are followed."""

    items: list[Subject]


class Topic(Shape):
    """How much was said of a topic; copies count once."""

    subject: str
    topic: str
    mentions: int
    negative: int


class Topics(Shape):
    """The topics of a span, fullest first."""

    since: Moment
    until: Moment
    items: list[Topic]


class Theme(Shape):
    """What people talked about though nobody defined it, as `listener themes` has it."""

    id: int
    subject: str
    until: Day
    theme: str
    mentions: int
    people: int
    negative: int
    before: float | None
    move: Move
    defined: bool
    examples: list[str]
    text: str | None


class Themes(Shape):
    """The themes of the newest window of each subject."""

    items: list[Theme]


class Failing(Shape):
    """A part of a source that cannot be read."""

    stream: str
    since: Moment | None
    why: str


class Source(Shape):
    """How a source fares, as `listener sources` has it."""

    name: str
    type: str
    experimental: bool
    last_success: Moment | None
    lag_s: int | None
    gap_since: Moment | None
    next_run: Moment | None
    error: str | None
    failing: list[Failing]
    spent_usd: float
    month_usd: float | None
    forecast_usd: float | None
    usd_per_mention: float | None
    mentions: int
    rejected: int


class Sources(Shape):
    """All sources."""

    items: list[Source]


class Digests(Shape):
    """The weeks that a digest was made of, newest first."""

    items: list[str]


class Digest(Shape):
    """A digest as it was sent."""

    week: str
    team: str
    data: Open
