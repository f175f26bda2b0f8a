"""Why outlets were told, and what they were not told, or not yet."""

MANNERS = """
ALTER TABLE notice ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE notice ADD COLUMN told_at TEXT;
ALTER TABLE notice ADD COLUMN loud INTEGER NOT NULL DEFAULT 0;
CREATE INDEX notice_loud ON notice (outlet, told_at) WHERE loud;
CREATE TABLE withheld (
  id TEXT PRIMARY KEY,
  outlet TEXT NOT NULL,
  event TEXT NOT NULL,
  incident_id INTEGER REFERENCES incident (id),
  made_at TEXT NOT NULL,
  reason TEXT NOT NULL,
  until TEXT,
  waits_for INTEGER REFERENCES incident (id),
  became TEXT,
  ended_at TEXT,
  body TEXT NOT NULL
);
CREATE INDEX withheld_until ON withheld (until) WHERE became IS NULL;
CREATE INDEX withheld_waits ON withheld (waits_for) WHERE waits_for IS NOT NULL;
CREATE INDEX withheld_incident ON withheld (incident_id, outlet);
CREATE INDEX withheld_ended ON withheld (ended_at) WHERE became IS NOT NULL;
"""
