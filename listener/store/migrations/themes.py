"""What many people talk about though nobody defined it, day by day."""

THEMES = """
CREATE TABLE theme (
  id INTEGER PRIMARY KEY,
  subject_id INTEGER NOT NULL REFERENCES subject (id),
  name TEXT NOT NULL,
  model TEXT NOT NULL,
  middle BLOB NOT NULL,
  talk INTEGER NOT NULL DEFAULT 0,
  first_on TEXT NOT NULL,
  last_on TEXT NOT NULL
);
CREATE INDEX theme_subject ON theme (subject_id, last_on);
CREATE TABLE theme_window (
  subject_id INTEGER NOT NULL REFERENCES subject (id),
  until TEXT NOT NULL,
  read INTEGER NOT NULL,
  PRIMARY KEY (subject_id, until)
) WITHOUT ROWID;
CREATE TABLE theme_count (
  theme_id INTEGER NOT NULL REFERENCES theme (id) ON DELETE CASCADE,
  until TEXT NOT NULL,
  mentions INTEGER NOT NULL,
  negative INTEGER NOT NULL,
  people INTEGER NOT NULL,
  with_topic INTEGER NOT NULL,
  examples TEXT NOT NULL,
  PRIMARY KEY (theme_id, until)
) WITHOUT ROWID;
CREATE INDEX theme_count_until ON theme_count (until);
"""
