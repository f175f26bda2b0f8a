"""What every page is given: the database, the time, the daemon's pulse."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from listener.daybook import Daybook
from listener.domain.actions import Pack
from listener.domain.events import KnownEvent
from listener.domain.reply import Reply
from listener.domain.role import Role
from listener.figures import Known
from listener.settings import Desk
from listener.store.connection import Store
from listener.store.incidents import Outlets
from listener.views import BUILT_IN
from listener.web.counted import Counted
from listener.web.pulse import Pulse

NO_OUTLETS: Final = Outlets((), ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """`pulse` None: nothing runs behind the pages, and nothing is written for them.

    `who`, `role`, `spoken` and `token` are those of the person a page is made for.
    """

    store: Store
    now: Callable[[], datetime]
    pulse: Pulse | None
    zone: ZoneInfo
    events: Sequence[KnownEvent] = ()  # shown in charts
    language: str = "en"  # of the page that readers of mail are led to
    pack: Callable[[], Pack] = lambda: BUILT_IN
    replies: Callable[[], Sequence[Reply]] = tuple  # of the settings, before those built in
    who: str = "pages"  # the person at them, for the record
    role: Role = Role.ADMIN  # of whoever needs not sign in: it is their machine
    signed_in: bool = False  # ... so that pages name them
    signs_out: bool = False  # ... here, and not at a proxy
    spoken: str = "en"  # the language the pages are read in
    at: str = "/"  # the address that was asked for
    hearing: Callable[[], Outlets] = lambda: (
        NO_OUTLETS
    )  # who is told of what people do about incidents
    home: str = ""  # where the pages are found, for links that are read elsewhere
    known: Callable[[], Known] = Known  # what measures need beside what was said
    book: Daybook = field(default_factory=Daybook, repr=False)  # of what was counted
    counted: Counted = field(default_factory=Counted, repr=False)
    desk: Desk | None = None  # who runs on the config file; None: nothing can be changed in one
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    # ... of every form: a page elsewhere cannot know it
