"""A full-text index that is fed with the words as queries compare them, and its vocabulary."""

SEARCH = """
DROP TABLE mention_search;
CREATE VIRTUAL TABLE mention_search USING fts5 (
  text, cjk, about, content='', tokenize="ascii tokenchars '_'"
);
DELETE FROM progress WHERE stage = 'search';
CREATE TABLE word (
  word TEXT PRIMARY KEY,
  reversed TEXT NOT NULL,
  bare TEXT,
  stem TEXT
) WITHOUT ROWID;
CREATE INDEX word_reversed ON word (reversed);
CREATE INDEX word_bare ON word (bare) WHERE bare IS NOT NULL;
CREATE INDEX word_stem ON word (stem) WHERE stem IS NOT NULL;
CREATE INDEX author_handle ON author (lower(ltrim(handle, '@')));
CREATE INDEX author_foreign ON author (handle) WHERE handle GLOB '*[^!-~]*';
CREATE INDEX mention_language ON mention (language, said_at) WHERE language IS NOT NULL;
"""
