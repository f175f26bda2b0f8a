"""What the first release keeps."""

FIRST = """
CREATE TABLE subject (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  role TEXT NOT NULL,
  query TEXT NOT NULL DEFAULT '',
  active INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE author (
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  source_id TEXT NOT NULL,
  handle TEXT,
  name TEXT,
  followers INTEGER,
  UNIQUE (source, source_id)
);
CREATE TABLE mention (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  source TEXT NOT NULL,
  source_id TEXT NOT NULL,
  channel TEXT NOT NULL,
  kind TEXT NOT NULL,
  title TEXT NOT NULL DEFAULT '',
  text TEXT NOT NULL,
  raw_text TEXT,
  truncated INTEGER NOT NULL DEFAULT 0,
  language TEXT,
  language_by TEXT,
  url TEXT,
  said_at TEXT NOT NULL,
  seen_at TEXT NOT NULL,
  edited_at TEXT,
  author_id INTEGER REFERENCES author (id),
  stars REAL,
  stars_scale INTEGER,
  likes INTEGER,
  replies INTEGER,
  shares INTEGER,
  views INTEGER,
  parent_id TEXT,
  thread_id TEXT,
  place TEXT,
  product TEXT,
  product_version TEXT,
  brand TEXT,
  given_label TEXT,
  given_topics TEXT,
  question INTEGER NOT NULL DEFAULT 0,
  fold INTEGER,
  raw TEXT,
  deleted_at TEXT,
  deletion_reason TEXT,
  UNIQUE (source, source_id)
);
CREATE INDEX mention_said ON mention (said_at);
CREATE INDEX mention_thread ON mention (source, thread_id) WHERE thread_id IS NOT NULL;
CREATE INDEX mention_fold ON mention (fold, said_at) WHERE fold IS NOT NULL;
CREATE INDEX mention_author ON mention (author_id) WHERE author_id IS NOT NULL;
CREATE TABLE mention_version (
  id INTEGER PRIMARY KEY,
  mention_id INTEGER NOT NULL REFERENCES mention (id) ON DELETE CASCADE,
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  stars REAL,
  until TEXT NOT NULL
);
CREATE INDEX mention_version_of ON mention_version (mention_id);
CREATE TABLE match (
  mention_id INTEGER NOT NULL REFERENCES mention (id) ON DELETE CASCADE,
  subject_id INTEGER NOT NULL REFERENCES subject (id),
  origin TEXT NOT NULL,
  terms TEXT NOT NULL DEFAULT '[]',
  counts INTEGER NOT NULL DEFAULT 1,
  said_at TEXT NOT NULL,
  channel TEXT NOT NULL,
  author_id INTEGER,
  sentiment TEXT,
  copy_of INTEGER,
  PRIMARY KEY (mention_id, subject_id)
) WITHOUT ROWID;
CREATE INDEX match_said ON match (subject_id, said_at);
CREATE TABLE label (
  id INTEGER PRIMARY KEY,
  mention_id INTEGER NOT NULL REFERENCES mention (id) ON DELETE CASCADE,
  subject_id INTEGER REFERENCES subject (id),
  by TEXT NOT NULL,
  model TEXT,
  sentiment TEXT NOT NULL,
  negative REAL NOT NULL,
  neutral REAL NOT NULL,
  positive REAL NOT NULL,
  topics TEXT NOT NULL DEFAULT '[]',
  intent TEXT,
  made_at TEXT NOT NULL
);
CREATE INDEX label_of ON label (mention_id);
CREATE TABLE embedding (
  mention_id INTEGER NOT NULL REFERENCES mention (id) ON DELETE CASCADE,
  model TEXT NOT NULL,
  vector BLOB NOT NULL,
  PRIMARY KEY (mention_id, model)
) WITHOUT ROWID;
CREATE TABLE quarantine (
  mention_id INTEGER PRIMARY KEY REFERENCES mention (id) ON DELETE CASCADE,
  model TEXT NOT NULL,
  reason TEXT NOT NULL,
  at TEXT NOT NULL
);
CREATE TABLE bucket (
  start TEXT NOT NULL,
  subject_id INTEGER NOT NULL REFERENCES subject (id),
  channel TEXT NOT NULL,
  topic TEXT NOT NULL DEFAULT '',
  mentions INTEGER NOT NULL DEFAULT 0,
  negative INTEGER NOT NULL DEFAULT 0,
  neutral INTEGER NOT NULL DEFAULT 0,
  positive INTEGER NOT NULL DEFAULT 0,
  authors INTEGER NOT NULL DEFAULT 0,
  folded INTEGER NOT NULL DEFAULT 0,
  folded_negative INTEGER NOT NULL DEFAULT 0,
  measured INTEGER NOT NULL DEFAULT 1,
  touched INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (subject_id, channel, topic, start)
) WITHOUT ROWID;
CREATE INDEX bucket_touched ON bucket (touched);
CREATE TABLE clock (
  mention_id INTEGER NOT NULL REFERENCES mention (id) ON DELETE CASCADE,
  subject_id INTEGER NOT NULL REFERENCES subject (id),
  channel TEXT NOT NULL,
  said_at TEXT NOT NULL,
  seen_at TEXT NOT NULL,
  due_at TEXT NOT NULL,
  warn_at TEXT NOT NULL DEFAULT '[]',
  late INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL,
  answered_at TEXT,
  human_at TEXT,
  evidence TEXT,
  dismissed INTEGER NOT NULL DEFAULT 0,
  snoozed_until TEXT,
  told_warnings INTEGER NOT NULL DEFAULT 0,
  told_overdue INTEGER NOT NULL DEFAULT 0,
  told_closed INTEGER NOT NULL DEFAULT 0,
  next_at TEXT,
  incident_id INTEGER REFERENCES incident (id),
  PRIMARY KEY (mention_id, subject_id)
) WITHOUT ROWID;
CREATE INDEX clock_next ON clock (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX clock_open ON clock (due_at) WHERE state IN ('waiting', 'due_soon', 'overdue');
CREATE INDEX clock_incident ON clock (incident_id) WHERE incident_id IS NOT NULL;
CREATE INDEX clock_said ON clock (subject_id, said_at);
CREATE TABLE response (
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  source_id TEXT NOT NULL,
  mention_id INTEGER REFERENCES mention (id) ON DELETE SET NULL,
  subject_id INTEGER REFERENCES subject (id),
  parent_id TEXT,
  thread_id TEXT,
  said_at TEXT NOT NULL,
  seen_at TEXT NOT NULL,
  author TEXT,
  text TEXT NOT NULL DEFAULT '',
  automatic INTEGER NOT NULL DEFAULT 0,
  evidence TEXT NOT NULL,
  UNIQUE (source, source_id)
);
CREATE INDEX response_parent ON response (source, parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX response_thread ON response (source, thread_id) WHERE thread_id IS NOT NULL;
CREATE INDEX response_mention ON response (mention_id) WHERE mention_id IS NOT NULL;
CREATE TABLE rule_state (
  rule TEXT NOT NULL,
  subject_id INTEGER NOT NULL REFERENCES subject (id),
  key TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL,
  PRIMARY KEY (rule, subject_id, key)
) WITHOUT ROWID;
CREATE TABLE incident (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL,
  rule TEXT NOT NULL,
  subject_id INTEGER NOT NULL REFERENCES subject (id),
  channel TEXT,
  topic TEXT,
  severity TEXT NOT NULL,
  title TEXT NOT NULL,
  why TEXT NOT NULL,
  action TEXT NOT NULL DEFAULT '',
  evidence TEXT NOT NULL DEFAULT '{}',
  opened_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  resolved_at TEXT,
  acknowledged_at TEXT,
  acknowledged_by TEXT,
  snoozed_until TEXT
);
CREATE UNIQUE INDEX incident_open ON incident (key) WHERE resolved_at IS NULL;
CREATE INDEX incident_key ON incident (key, opened_at);
CREATE TABLE incident_event (
  id INTEGER PRIMARY KEY,
  incident_id INTEGER NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
  at TEXT NOT NULL,
  event TEXT NOT NULL,
  who TEXT,
  detail TEXT NOT NULL DEFAULT ''
);
CREATE INDEX incident_event_of ON incident_event (incident_id);
CREATE TABLE notice (
  id TEXT PRIMARY KEY,
  event TEXT NOT NULL,
  outlet TEXT NOT NULL,
  incident_id INTEGER REFERENCES incident (id),
  made_at TEXT NOT NULL,
  body TEXT NOT NULL
);
CREATE INDEX notice_incident ON notice (incident_id, outlet);
CREATE INDEX notice_made ON notice (made_at);
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY,
  notice_id TEXT NOT NULL UNIQUE REFERENCES notice (id),
  outlet TEXT NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_try_at TEXT NOT NULL,
  unclear INTEGER NOT NULL DEFAULT 0,
  error TEXT,
  sent_at TEXT,
  place TEXT,
  ref TEXT
);
CREATE INDEX outbox_open ON outbox (outlet, id) WHERE state IN ('waiting', 'sending');
CREATE TABLE incident_post (
  incident_id INTEGER NOT NULL REFERENCES incident (id),
  outlet TEXT NOT NULL,
  place TEXT NOT NULL,
  ref TEXT NOT NULL,
  PRIMARY KEY (incident_id, outlet)
) WITHOUT ROWID;
CREATE TABLE source_state (
  source TEXT PRIMARY KEY,
  type TEXT NOT NULL DEFAULT '',
  channel TEXT NOT NULL DEFAULT 'social',
  state TEXT NOT NULL,
  cursor TEXT,
  last_success TEXT,
  next_run TEXT,
  error TEXT,
  spent_usd REAL NOT NULL DEFAULT 0,
  active INTEGER NOT NULL DEFAULT 1
) WITHOUT ROWID;
CREATE TABLE source_run (
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  started_at TEXT NOT NULL,
  ended_at TEXT NOT NULL,
  accepted INTEGER NOT NULL DEFAULT 0,
  updated INTEGER NOT NULL DEFAULT 0,
  rejected INTEGER NOT NULL DEFAULT 0,
  responses INTEGER NOT NULL DEFAULT 0,
  error TEXT
);
CREATE INDEX source_run_of ON source_run (source, ended_at);
CREATE TABLE source_gap (
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  channel TEXT NOT NULL,
  since TEXT NOT NULL,
  until TEXT,
  lost INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX source_gap_open ON source_gap (source) WHERE until IS NULL;
CREATE INDEX source_gap_since ON source_gap (since);
CREATE TABLE reject (
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  place TEXT NOT NULL,
  reason TEXT NOT NULL,
  content TEXT NOT NULL,
  at TEXT NOT NULL,
  UNIQUE (source, place)
);
CREATE TABLE digest (
  id INTEGER PRIMARY KEY,
  week TEXT NOT NULL,
  recipient TEXT NOT NULL,
  state TEXT NOT NULL,
  data TEXT NOT NULL,
  message_id TEXT NOT NULL,
  made_at TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_try_at TEXT,
  sent_at TEXT,
  error TEXT,
  UNIQUE (week, recipient)
);
CREATE TABLE work (
  mention_id INTEGER PRIMARY KEY REFERENCES mention (id) ON DELETE CASCADE,
  assignee TEXT,
  link TEXT,
  note TEXT,
  updated_at TEXT NOT NULL
);
CREATE TABLE audit (
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  who TEXT NOT NULL,
  did TEXT NOT NULL,
  what TEXT NOT NULL,
  detail TEXT NOT NULL DEFAULT ''
);
CREATE TABLE progress (
  stage TEXT PRIMARY KEY,
  upto INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE redo (
  stage TEXT NOT NULL,
  mention_id INTEGER NOT NULL REFERENCES mention (id) ON DELETE CASCADE,
  round INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (stage, mention_id)
) WITHOUT ROWID;
CREATE TABLE stale_bucket (
  subject_id INTEGER NOT NULL,
  start TEXT NOT NULL,
  PRIMARY KEY (subject_id, start)
) WITHOUT ROWID;
CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;
CREATE VIRTUAL TABLE mention_search USING fts5 (
  text, cjk, content='', tokenize="unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'"
);
CREATE VIEW current_label AS
SELECT mention_id, subject_id, by, model, sentiment, negative, neutral, positive, topics, intent,
  made_at
FROM (
  SELECT m.mention_id, m.subject_id, l.by, l.model, l.sentiment, l.negative, l.neutral,
    l.positive, l.topics, l.intent, l.made_at,
    row_number() OVER (
      PARTITION BY m.mention_id, m.subject_id
      ORDER BY l.by IN ('model', 'given'), l.subject_id IS NULL, l.made_at DESC, l.id DESC
    ) AS place
  FROM match AS m JOIN label AS l
    ON l.mention_id = m.mention_id AND (l.subject_id IS NULL OR l.subject_id = m.subject_id)
) WHERE place = 1;
CREATE VIEW mention_overview AS
SELECT m.id, m.source, m.source_id, m.channel, m.kind, m.title, m.text, m.language, m.said_at,
  m.seen_at, a.handle AS author, a.followers, m.stars, s.name AS subject, x.origin, x.sentiment,
  c.state AS clock, c.due_at, c.answered_at, m.url
FROM match AS x
JOIN mention AS m ON m.id = x.mention_id
JOIN subject AS s ON s.id = x.subject_id
LEFT JOIN author AS a ON a.id = m.author_id
LEFT JOIN clock AS c ON c.mention_id = x.mention_id AND c.subject_id = x.subject_id
WHERE x.counts;
"""
