"""What a person may do at the pages, and a program that bears a token."""

from enum import StrEnum


class Role(StrEnum):
    """Each may do what those before it may."""

    READER = "reader"  # reads
    AGENT = "agent"  # answers, assigns, corrects: works with mentions and incidents
    ADMIN = "admin"  # changes settings, and who may sign in

    def may(self, least: "Role") -> bool:
        """Whether what needs the role `least` is open to this one."""
        order = tuple(Role)
        return order.index(self) >= order.index(least)


class Scope(StrEnum):
    """What a token is good for."""

    READ = "read"
    ACT = "act"  # whoever acts may read what came of it
    FEED = "feed"  # feeds and nothing else, for readers that write the token into an address

    @property
    def role(self) -> Role:
        """What a person would need to be."""
        return Role.AGENT if self is Scope.ACT else Role.READER
