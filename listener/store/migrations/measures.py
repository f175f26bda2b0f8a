"""Mentions that were drawn to be checked, and the issues that mentions are tied to."""

MEASURES = """
CREATE TABLE label_check (
  mention_id INTEGER PRIMARY KEY REFERENCES mention (id) ON DELETE CASCADE,
  drawn_at TEXT NOT NULL
);
CREATE TABLE issue (
  name TEXT PRIMARY KEY,
  fixed_at TEXT,
  fixed_by TEXT
) WITHOUT ROWID;
CREATE TABLE issue_mention (
  issue TEXT NOT NULL REFERENCES issue (name),
  mention_id INTEGER NOT NULL REFERENCES mention (id) ON DELETE CASCADE,
  linked_at TEXT NOT NULL,
  linked_by TEXT NOT NULL,
  told_at TEXT,
  told_by TEXT,
  PRIMARY KEY (issue, mention_id)
) WITHOUT ROWID;
CREATE TRIGGER issue_mention_gone AFTER DELETE ON issue_mention BEGIN
  DELETE FROM issue WHERE name = old.issue
    AND NOT EXISTS (SELECT 1 FROM issue_mention WHERE issue = old.issue); END;
CREATE INDEX issue_mention_of ON issue_mention (mention_id);
INSERT INTO issue (name) SELECT DISTINCT link FROM work WHERE link NOTNULL;
INSERT INTO issue_mention (issue, mention_id, linked_at, linked_by)
  SELECT link, mention_id, updated_at, '' FROM work WHERE link NOTNULL;
ALTER TABLE work DROP COLUMN link;
"""
