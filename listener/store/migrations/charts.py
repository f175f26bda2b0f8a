"""Charts in messages: which file shows one, and what it was drawn of."""

CHARTS = """
CREATE TABLE chart (
  incident_id INTEGER NOT NULL REFERENCES incident (id),
  outlet TEXT NOT NULL,
  severity TEXT NOT NULL,
  over INTEGER NOT NULL,
  tried_at TEXT NOT NULL,
  file TEXT,
  title TEXT NOT NULL DEFAULT '',
  alt TEXT NOT NULL DEFAULT '',
  error TEXT,
  PRIMARY KEY (incident_id, outlet)
) WITHOUT ROWID;
CREATE INDEX chart_open ON chart (outlet) WHERE NOT over;
"""
