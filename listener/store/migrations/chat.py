"""What was pressed in a chat, so that one press does one thing; and whose act was the last."""

CHAT = """
CREATE TABLE pressed (
  key TEXT PRIMARY KEY,
  at TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX pressed_at ON pressed (at);
CREATE INDEX audit_what ON audit (what, id);
"""
