"""What detectors remember in a table of their own, and topics that are counted like channels."""

NOTICING_DETECTORS = """
CREATE TABLE detector (
  id INTEGER PRIMARY KEY,
  subject_id INTEGER NOT NULL REFERENCES subject (id),
  channel TEXT NOT NULL DEFAULT 'all',
  topic TEXT NOT NULL DEFAULT '',
  alerting INTEGER NOT NULL DEFAULT 0,
  state BLOB NOT NULL,
  UNIQUE (subject_id, channel, topic)
);
CREATE INDEX detector_alerting ON detector (subject_id) WHERE alerting;
DELETE FROM rule_state WHERE rule = 'spike';
CREATE INDEX label_topics ON label (mention_id) WHERE topics <> '[]';
INSERT OR IGNORE INTO stale_bucket (subject_id, start)
SELECT DISTINCT x.subject_id,
  substr(x.said_at, 1, 14) || printf('%02d', substr(x.said_at, 15, 2) / 5 * 5) || ':00.000Z'
FROM label AS l JOIN match AS x ON x.mention_id = l.mention_id AND x.counts
WHERE l.topics <> '[]';
"""
