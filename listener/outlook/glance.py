"""The last days at a glance: each brand's, how its promises fared, and who is heard how much."""

from collections.abc import Sequence
from dataclasses import dataclass

from listener.domain.digest import PromiseLine, SubjectWeek, VoiceRow, share_of_voice
from listener.domain.period import Period
from listener.domain.subject import Role, Subject
from listener.outlook.columns import Column, columns
from listener.outlook.desk import Outlook
from listener.outlook.subject import promises_of
from listener.store import subjects


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    subject: Subject
    columns: Sequence[Column]
    promises: Sequence[PromiseLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """voices: of brands and competitors; empty where there is nobody to compare with."""

    period: Period
    brands: Sequence[Brand]
    voices: Sequence[VoiceRow]


def at_a_glance(outlook: Outlook, period: Period) -> Glance:
    with outlook.opened(period) as desk:
        followed = subjects.listed(desk.db)
        heard = [one for one in followed if one.role is not Role.INFLUENCER]
        weeks = [
            SubjectWeek(name=one.name, role=one.role, now=desk.counts(one.id, desk.days))
            for one in heard
        ]
        return Glance(
            period=period,
            brands=[
                Brand(
                    subject=one,
                    columns=columns(desk, one.id, one.name),
                    promises=promises_of(desk, one),
                )
                for one in followed
                if one.role is Role.BRAND
            ],
            voices=share_of_voice(weeks),
        )
