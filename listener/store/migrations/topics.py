"""What told the topics of stored mentions, and where people's words on topics are found."""

TOPICS = """
CREATE TABLE told_by (
  what TEXT PRIMARY KEY,
  model TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX label_taught ON label (made_at)
  WHERE topics <> '[]' AND by NOT IN ('model', 'given');
"""
