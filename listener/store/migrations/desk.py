"""What people at the pages share, and lists of clocks by when it was said.

Notes, what can be undone, who is where, and saved views.
"""

DESK = """
CREATE TABLE note (
  act_id INTEGER PRIMARY KEY REFERENCES audit (id),
  mention_id INTEGER REFERENCES mention (id) ON DELETE CASCADE,
  incident_id INTEGER REFERENCES incident (id) ON DELETE CASCADE,
  text TEXT NOT NULL
);
CREATE INDEX note_mention ON note (mention_id) WHERE mention_id IS NOT NULL;
CREATE INDEX note_incident ON note (incident_id) WHERE incident_id IS NOT NULL;
CREATE TABLE undoable (
  act_id INTEGER PRIMARY KEY REFERENCES audit (id),
  mention_id INTEGER NOT NULL REFERENCES mention (id) ON DELETE CASCADE,
  batch INTEGER NOT NULL,
  before TEXT NOT NULL,
  undone_by INTEGER REFERENCES audit (id)
);
CREATE INDEX undoable_batch ON undoable (batch);
CREATE INDEX undoable_mention ON undoable (mention_id);
CREATE INDEX clock_open_said ON clock (said_at)
  WHERE state IN ('waiting', 'due_soon', 'overdue');
CREATE INDEX clock_closed_said ON clock (state, said_at)
  WHERE state IN ('met', 'missed', 'dismissed');
CREATE TABLE presence (
  mention_id INTEGER NOT NULL REFERENCES mention (id) ON DELETE CASCADE,
  who TEXT NOT NULL,
  until TEXT NOT NULL,
  PRIMARY KEY (mention_id, who)
) WITHOUT ROWID;
CREATE INDEX presence_until ON presence (until);
CREATE TABLE saved_view (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  state TEXT NOT NULL,
  subject TEXT NOT NULL,
  query TEXT NOT NULL,
  sorted TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at TEXT NOT NULL
);
"""
