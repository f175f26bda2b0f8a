"""Labels of people who spoke of something else, and left the sentiment as it was."""

SAID = """
ALTER TABLE label ADD COLUMN taken_over INTEGER NOT NULL DEFAULT 0;
DROP VIEW current_label;
CREATE VIEW current_label AS
SELECT mention_id, subject_id, by, model, sentiment, negative, neutral, positive, topics, intent,
  made_at
FROM (
  SELECT m.mention_id, m.subject_id, l.by, l.model, l.sentiment, l.negative, l.neutral,
    l.positive, l.topics, l.intent, l.made_at,
    row_number() OVER (
      PARTITION BY m.mention_id, m.subject_id
      ORDER BY l.by IN ('model', 'given') OR l.taken_over, l.subject_id IS NULL, l.made_at DESC,
        l.id DESC
    ) AS place
  FROM match AS m JOIN label AS l
    ON l.mention_id = m.mention_id AND (l.subject_id IS NULL OR l.subject_id = m.subject_id)
) WHERE place = 1;
"""
