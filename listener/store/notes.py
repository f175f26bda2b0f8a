"""Notes: what people write beside a mention or an incident, for each other."""

from typing import Final

from listener.store.connection import Db, Row

NOTED: Final = "noted"  # as the record has it


def add(
    db: Db, act_id: int, text: str, *, mention_id: int | None = None, incident_id: int | None = None
) -> None:
    """Keep a note. `act_id`: the line of the record that says who wrote it, and when."""
    db.execute(
        "INSERT INTO note (act_id, mention_id, incident_id, text) VALUES (?, ?, ?, ?)",
        (act_id, mention_id, incident_id, text),
    )


def of_incident(db: Db, incident_id: int) -> list[Row]:
    """The notes on an incident: at, who, text; oldest first."""
    return db.execute(
        "SELECT a.at, a.who, n.text FROM note AS n JOIN audit AS a ON a.id = n.act_id"
        " WHERE n.incident_id = ? ORDER BY n.act_id",
        (incident_id,),
    ).fetchall()
