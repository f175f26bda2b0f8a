"""Labels of people who spoke of something else, and left the sentiment as it was."""

SAID = """
ALTER TABLE label ADD COLUMN taken_over INTEGER NOT NULL DEFAULT 0;
"""
