"""Who may be sent which digests by mail, and the secret that links to stop them are made with."""

SUBSCRIPTIONS = """
CREATE TABLE secret (
  name TEXT PRIMARY KEY,
  value BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE subscription (
  id INTEGER PRIMARY KEY,
  recipient TEXT NOT NULL COLLATE NOCASE,
  kind TEXT NOT NULL,
  unsubscribed_at TEXT,
  UNIQUE (recipient, kind)
);
"""
