"""Where the reviews of a subject are found among all that was said of it."""

RATINGS = """
CREATE INDEX match_review ON match (subject_id, said_at) WHERE channel = 'review';
"""
