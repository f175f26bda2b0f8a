"""Incidents and days that people marked: real trouble, or a false alarm."""

MARKS = """
CREATE TABLE mark (
  id INTEGER PRIMARY KEY,
  incident_id INTEGER REFERENCES incident (id) ON DELETE CASCADE,
  subject_id INTEGER NOT NULL REFERENCES subject (id),
  day TEXT,
  real INTEGER NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  who TEXT NOT NULL,
  at TEXT NOT NULL,
  CHECK ((incident_id IS NULL) <> (day IS NULL))
);
CREATE UNIQUE INDEX mark_incident ON mark (incident_id) WHERE incident_id IS NOT NULL;
CREATE UNIQUE INDEX mark_day ON mark (subject_id, day) WHERE day IS NOT NULL;
"""
