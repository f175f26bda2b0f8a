"""What later releases add to the schema."""

SERVICES = """
CREATE TABLE spending (
  source TEXT NOT NULL,
  month TEXT NOT NULL,
  usd REAL NOT NULL DEFAULT 0,
  PRIMARY KEY (source, month)
) WITHOUT ROWID;
CREATE TABLE recheck (
  mention_id INTEGER PRIMARY KEY REFERENCES mention (id) ON DELETE CASCADE,
  at TEXT NOT NULL
);
CREATE TABLE backfill (
  source TEXT NOT NULL,
  since TEXT NOT NULL,
  cursor TEXT,
  PRIMARY KEY (source, since)
) WITHOUT ROWID;
CREATE TABLE delivery (
  source TEXT NOT NULL,
  key TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (source, key)
) WITHOUT ROWID;
"""

MESSAGES = """
CREATE TABLE shown (
  mention_id INTEGER NOT NULL REFERENCES mention (id) ON DELETE CASCADE,
  outlet TEXT NOT NULL,
  place TEXT NOT NULL,
  ref TEXT NOT NULL,
  PRIMARY KEY (mention_id, outlet, place, ref)
) WITHOUT ROWID;
CREATE TABLE redraw (
  outlet TEXT NOT NULL,
  place TEXT NOT NULL,
  ref TEXT NOT NULL,
  round INTEGER NOT NULL DEFAULT 1,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_try_at TEXT,
  error TEXT,
  PRIMARY KEY (outlet, place, ref)
) WITHOUT ROWID;
ALTER TABLE recheck ADD COLUMN missing INTEGER NOT NULL DEFAULT 0;
CREATE INDEX outbox_landed ON outbox (outlet, place, ref) WHERE ref IS NOT NULL;
ALTER TABLE spending ADD COLUMN stopped TEXT;
ALTER TABLE spending ADD COLUMN told_at TEXT;
ALTER TABLE spending ADD COLUMN lost_on TEXT;
INSERT INTO spending (source, month, usd)
  SELECT source, 'before', spent_usd - booked FROM (
    SELECT s.source, s.spent_usd,
      coalesce((SELECT sum(usd) FROM spending AS p WHERE p.source = s.source), 0) AS booked
    FROM source_state AS s
  ) WHERE spent_usd - booked > 0.000001;
ALTER TABLE source_state DROP COLUMN spent_usd;
CREATE VIEW rating_change AS
SELECT v.mention_id, v.stars AS before,
  coalesce((SELECT w.stars FROM mention_version AS w WHERE w.mention_id = v.mention_id
    AND w.id > v.id ORDER BY w.id LIMIT 1), m.stars) AS after,
  coalesce(m.stars_scale, 5) AS scale, v.until AS changed_at,
  (SELECT min(r.said_at) FROM response AS r WHERE r.mention_id = v.mention_id
    AND r.said_at < v.until AND NOT r.automatic) AS answered_at
FROM mention_version AS v JOIN mention AS m ON m.id = v.mention_id
WHERE v.stars IS NOT NULL AND after IS NOT v.stars;
"""
