"""Where the terms of a match stand in the text, so that they can be marked."""

# A JSON list of [first character, the one after the last, term] in the title, a line break and the
# text; NULL where nobody has looked.
PLACES = """
ALTER TABLE match ADD COLUMN places TEXT;
"""
