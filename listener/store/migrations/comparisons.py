"""Which subject a mention puts above which, and labels that the stars speak against."""

COMPARISONS = """
CREATE TABLE comparison (
  mention_id INTEGER NOT NULL REFERENCES mention (id) ON DELETE CASCADE,
  better INTEGER NOT NULL REFERENCES subject (id),
  worse INTEGER NOT NULL REFERENCES subject (id),
  model TEXT NOT NULL,
  PRIMARY KEY (mention_id, better, worse)
) WITHOUT ROWID;
CREATE INDEX comparison_better ON comparison (better);
CREATE INDEX comparison_worse ON comparison (worse);
ALTER TABLE label ADD COLUMN at_odds INTEGER NOT NULL DEFAULT 0;
"""
