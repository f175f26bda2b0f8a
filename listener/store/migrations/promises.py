"""What a clock was promised, who answers, who hears of it later; clocks that were taken away."""

PROMISES = """
ALTER TABLE clock ADD COLUMN promise TEXT NOT NULL DEFAULT '';
ALTER TABLE clock ADD COLUMN within_s REAL;
ALTER TABLE clock ADD COLUMN hours TEXT NOT NULL DEFAULT 'always';
ALTER TABLE clock ADD COLUMN team TEXT;
ALTER TABLE clock ADD COLUMN escalate_to TEXT;
ALTER TABLE clock ADD COLUMN escalate_at TEXT;
ALTER TABLE clock ADD COLUMN told_escalated INTEGER NOT NULL DEFAULT 0;
ALTER TABLE clock ADD COLUMN escalation_id INTEGER REFERENCES incident (id);
CREATE INDEX clock_escalation ON clock (escalation_id) WHERE escalation_id IS NOT NULL;
ALTER TABLE incident ADD COLUMN team TEXT;
CREATE TABLE former_clock (
  mention_id INTEGER NOT NULL REFERENCES mention (id) ON DELETE CASCADE,
  subject_id INTEGER NOT NULL REFERENCES subject (id),
  dismissed INTEGER NOT NULL,
  snoozed_until TEXT,
  told_warnings INTEGER NOT NULL,
  told_overdue INTEGER NOT NULL,
  told_closed INTEGER NOT NULL,
  told_escalated INTEGER NOT NULL,
  PRIMARY KEY (mention_id, subject_id)
) WITHOUT ROWID;
"""
