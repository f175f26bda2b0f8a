"""What is kept aside, how relevant mentions are to their subjects, and what people said of that."""

RELEVANCE = """
ALTER TABLE match ADD COLUMN aside TEXT;
CREATE INDEX match_aside ON match (subject_id, said_at) WHERE aside IS NOT NULL;
CREATE INDEX match_copy ON match (copy_of) WHERE copy_of IS NOT NULL;
CREATE TABLE relevance (
  mention_id INTEGER NOT NULL REFERENCES mention (id) ON DELETE CASCADE,
  subject_id INTEGER NOT NULL REFERENCES subject (id),
  score REAL NOT NULL,
  relevant INTEGER NOT NULL,
  model TEXT NOT NULL,
  made_at TEXT NOT NULL,
  PRIMARY KEY (mention_id, subject_id)
) WITHOUT ROWID;
CREATE TABLE verdict (
  mention_id INTEGER NOT NULL REFERENCES mention (id) ON DELETE CASCADE,
  subject_id INTEGER NOT NULL REFERENCES subject (id),
  relevant INTEGER NOT NULL,
  by TEXT NOT NULL,
  made_at TEXT NOT NULL,
  PRIMARY KEY (mention_id, subject_id)
) WITHOUT ROWID;
CREATE INDEX verdict_of ON verdict (subject_id);
CREATE TABLE rescored (
  subject_id INTEGER PRIMARY KEY REFERENCES subject (id),
  model TEXT NOT NULL,
  upto INTEGER NOT NULL DEFAULT 0,
  done INTEGER NOT NULL DEFAULT 0
);
"""
