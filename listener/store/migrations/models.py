"""Which models labelled, since when, and how far what they replaced was labelled again."""

MODELS = """
CREATE TABLE model_use (
  id INTEGER PRIMARY KEY,
  model TEXT NOT NULL,
  since TEXT NOT NULL,
  below INTEGER NOT NULL
);
"""
