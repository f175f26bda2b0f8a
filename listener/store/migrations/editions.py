"""Digests of teams: what kind a digest is, and by which way out it is sent.

The table is made anew, for what is unique in it changes.
"""

EDITIONS = """
CREATE TABLE digest_new (
  id INTEGER PRIMARY KEY,
  week TEXT NOT NULL,
  kind TEXT NOT NULL DEFAULT 'company',
  outlet TEXT NOT NULL DEFAULT 'email',
  recipient TEXT NOT NULL,
  state TEXT NOT NULL,
  data TEXT NOT NULL,
  message_id TEXT NOT NULL,
  made_at TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_try_at TEXT,
  sent_at TEXT,
  error TEXT,
  UNIQUE (week, recipient, kind)
);
INSERT INTO digest_new (id, week, outlet, recipient, state, data, message_id, made_at, attempts,
    next_try_at, sent_at, error)
  SELECT id, week, CASE WHEN instr(recipient, '@') THEN 'email' ELSE recipient END, recipient,
    state, data, message_id, made_at, attempts, next_try_at, sent_at, error FROM digest;
DROP TABLE digest;
ALTER TABLE digest_new RENAME TO digest;
"""
