"""The newest rows of what people see: when they differ from before, something has changed."""

from listener.store.connection import Db

Newest = tuple[int, ...]
NEWEST = """
SELECT coalesce((SELECT max(id) FROM mention), 0), coalesce((SELECT max(id) FROM audit), 0),
  coalesce((SELECT max(id) FROM response), 0), coalesce((SELECT max(id) FROM label), 0),
  coalesce((SELECT max(id) FROM mention_version), 0),
  coalesce((SELECT max(id) FROM incident_event), 0),
  coalesce((SELECT sum(upto) FROM progress), 0)
"""


def newest(db: Db) -> Newest:
    """Numbers of rows, each by an index, and how far the stages have come."""
    return tuple(db.execute(NEWEST).fetchone())
