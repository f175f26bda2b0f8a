"""Whoever opens a mention is on it, for the others to see; a page does it, and our script goes on.

Readers answer nobody, so nobody need know where they are.
"""

import asyncio
import logging
from concurrent.futures import Executor
from typing import Final

from starlette.background import BackgroundTask

from listener import live
from listener.domain.role import Role
from listener.errors import UsageError
from listener.web.behind import Behind

LOG: Final = logging.getLogger(__name__)
HERE: Final = "here"
LEAVE: Final = "leave"


def after(behind: Behind, name: str, takers: Executor) -> BackgroundTask | None:
    """What is done when a page with a mention was sent: nobody waits for it."""
    return BackgroundTask(_come, behind, name, takers) if name else None


async def _come(behind: Behind, name: str, takers: Executor) -> None:
    loop = asyncio.get_running_loop()
    try:
        await loop.run_in_executor(takers, say, behind, name, HERE)
    except Exception as error:  # a locked or full disk, a server that stops: the page was right
        LOG.warning("noting who has a mention open failed: %s", type(error).__name__)


def say(behind: Behind, name: str, what: str) -> None:
    """Note that the person at the pages has a mention open, or has closed it."""
    if not behind.role.may(Role.AGENT):
        return
    try:
        if what == HERE:
            live.come(behind.store, name, behind.who, behind.now())
        else:
            live.leave(behind.store, name, behind.who)
    except UsageError:
        return  # of something that there is not
