"""The open clocks by when they are due, with their states: to count them without reading them."""

LISTS = """
DROP INDEX clock_open;
CREATE INDEX clock_open ON clock (due_at, mention_id, state)
  WHERE state IN ('waiting', 'due_soon', 'overdue');
"""
