"""What near-copies are found by, and the clusters that copies make."""

COPIES = """
CREATE TABLE copy_head (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  mention_id INTEGER NOT NULL REFERENCES mention (id) ON DELETE CASCADE,
  subject_id INTEGER NOT NULL REFERENCES subject (id),
  kept BLOB NOT NULL,
  UNIQUE (mention_id, subject_id)
);
DROP INDEX match_copy;
CREATE INDEX match_copy ON match (copy_of, subject_id, author_id) WHERE copy_of IS NOT NULL;
CREATE VIEW copy_cluster AS
SELECT c.head, s.name AS subject, count(*) AS mentions,
  count(DISTINCT coalesce('a' || c.author_id, 'm' || c.mention_id)) AS authors,
  count(DISTINCT m.source) AS sources, min(c.said_at) AS first_said_at,
  max(c.said_at) AS last_said_at
FROM (
  SELECT x.copy_of AS head, x.subject_id, x.mention_id, x.author_id, x.said_at
  FROM match AS x WHERE x.copy_of IS NOT NULL
  UNION ALL
  SELECT h.mention_id, h.subject_id, h.mention_id, h.author_id, h.said_at
  FROM match AS h WHERE h.copy_of IS NULL AND EXISTS (SELECT 1 FROM match AS y
    WHERE y.copy_of = h.mention_id AND y.subject_id = h.subject_id)
) AS c
JOIN subject AS s ON s.id = c.subject_id JOIN mention AS m ON m.id = c.mention_id
GROUP BY c.head, c.subject_id;
"""
