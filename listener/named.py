"""What people name at any door, found in the store, or how to name it."""

from listener.domain.incident import Incident
from listener.domain.wording import Wording
from listener.errors import NotFoundError
from listener.store import incidents, mentions, subjects
from listener.store.connection import Db


def mention(db: Db, name: str) -> int:
    """The row of a mention that is named SOURCE:ID or by its row number."""
    mention_id = mentions.find(db, name)
    if mention_id is None:
        raise NotFoundError(
            Wording(
                "no mention is called %(name)s. Name it SOURCE:ID or by its row number;"
                " `listener inbox` lists those that wait.",
                name=repr(name),
            )
        )
    return mention_id


def called(db: Db, mention_id: int) -> str:
    """The name of a mention: SOURCE:ID."""
    row = mentions.heading(db, mention_id)
    return f"{row['source']}:{row['source_id']}"


def incident(db: Db, number: int) -> Incident:
    found = incidents.get(db, number)
    if found is None:
        raise NotFoundError(
            Wording(
                "there is no incident %(number)s; `listener export --kind incidents` lists them.",
                number=number,
            )
        )
    return found


def subject(db: Db, name: str) -> int:
    """The number of a subject that is followed, by its name."""
    followed = subjects.followed(db)
    for number, known in followed.items():
        if known.casefold() == name.casefold():
            return number
    raise NotFoundError(
        Wording(
            "nobody followed is called %(name)s; there is: %(names)s.",
            name=repr(name),
            names=", ".join(followed.values()) or Wording("none"),
        )
    )
