"""Who may sign in, who is signed in, and the tokens that programs bear."""

# A session and a token are known by their SHA-256: they are random, and long enough that nobody
# finds one by its hash. A password is none of that, and so has a slow hash (argon2id).
USERS = """
CREATE TABLE user (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  role TEXT NOT NULL,
  password TEXT,
  identity TEXT UNIQUE,
  made_at TEXT NOT NULL,
  disabled_at TEXT
);
CREATE TABLE session (
  hash BLOB PRIMARY KEY,
  user_id INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  made_at TEXT NOT NULL,
  seen_at TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX session_user ON session (user_id);
CREATE TABLE api_token (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  hash BLOB NOT NULL UNIQUE,
  scopes TEXT NOT NULL,
  user_id INTEGER REFERENCES user (id) ON DELETE CASCADE,
  made_at TEXT NOT NULL,
  used_at TEXT,
  expires_at TEXT,
  revoked_at TEXT
);
CREATE INDEX api_token_user ON api_token (user_id);
"""
