"""What is known of an author beside name and followers."""

PEOPLE = """
ALTER TABLE author ADD COLUMN verified INTEGER;
ALTER TABLE author ADD COLUMN first_seen TEXT;
UPDATE author SET first_seen = (
  SELECT seen_at FROM mention WHERE author_id = author.id ORDER BY id LIMIT 1
);
"""  # mentions are numbered as they are seen: the first number tells, and no other row is read
