"""The clocks that have ended, by how they did and when they were due: lists of them are long."""

CLOSED = """
CREATE INDEX clock_closed ON clock (state, due_at) WHERE state IN ('met', 'missed', 'dismissed');
"""
