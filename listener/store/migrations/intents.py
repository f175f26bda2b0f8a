"""How sure an intent is, and whether a mention needs an answer, with the reason."""

INTENTS = """
ALTER TABLE label ADD COLUMN intent_confidence REAL;
ALTER TABLE label ADD COLUMN needs_answer INTEGER;
ALTER TABLE label ADD COLUMN reason TEXT;
"""
