"""Mistakes in a config, each in one that is good; with the key that has to be named."""

GOOD = """
[listener]
database = "config.db"
timezone = "Europe/Budapest"
language = "en"
keep = "13mo"

[[subjects]]
name = "Acme"
role = "brand"
query = '("acme air" OR @acmeair) NOT coyote'
accounts = { x = "acmeair" }
must_match = ["fly @acmeair"]

[[subjects]]
name = "Rival"
role = "competitor"
query = "rival"

[collectors.drop]
type = "folder"
path = "drop"
every = "1m"

[classify]
sentiment = "fast"

[respond.social]
within = "1h"
warn_at = [0.5, 0.8]
which = ["negative", "question"]
late_after = "24h"

[rules.spike]
sensitivity = "balanced"

[notify.email]
host = "localhost"
sender = "listener@example.com"

[digest]
every = "week"
day = "monday"
at = "09:00"
to = ["cx@example.com"]

[web]
host = "127.0.0.1"
port = 8765
"""

MISTAKES = (  # what is there, what is put in its place, what has to be named
    ('database = "config.db"', "database = 5", "database"),
    ('database = "config.db"', "database = []", "database"),
    ('"Europe/Budapest"', '"Europe/Atlantis"', "timezone"),
    ('"Europe/Budapest"', '"../../etc/passwd"', "timezone"),
    ('"Europe/Budapest"', r'"\u0000"', "timezone"),
    ('language = "en"', 'language = "tlh"', "language"),
    ('language = "en"', 'langauge = "en"', "langauge"),
    ('keep = "13mo"', 'keep = "forever"', "keep"),
    ('keep = "13mo"', 'keep = "-1d"', "keep"),
    ('keep = "13mo"', 'keep = "0d"', "keep"),
    ('keep = "13mo"', f'keep = "{"9" * 400}d"', "keep"),
    ('keep = "13mo"', "keep = nan", "keep"),
    ('keep = "13mo"', "keep = { days = 5 }", "keep"),
    ("[listener]", "[lisener]", "lisener"),
    ("[listener]", "[[listener]]", "listener"),
    ("[listener]\n", "stray = 1\n[listener]\n", "stray"),
    ('name = "Acme"', "name = 5", "name"),
    ('name = "Acme"', 'name = ""', "name"),
    ('name = "Acme"\n', "", "name"),
    ('name = "Rival"', 'name = "acme"', "acme"),
    ('role = "brand"', 'role = "friend"', "role"),
    ('role = "brand"', "role = []", "role"),
    ("'(\"acme air\" OR @acmeair) NOT coyote'", '"(acme"', "query"),
    ("'(\"acme air\" OR @acmeair) NOT coyote'", '"acme OR"', "query"),
    ("'(\"acme air\" OR @acmeair) NOT coyote'", '"NOT acme"', "query"),
    ("'(\"acme air\" OR @acmeair) NOT coyote'", f'"{"(" * 5000}"', "query"),
    ("'(\"acme air\" OR @acmeair) NOT coyote'", f'"{"a " * 20000}"', "query"),
    ("'(\"acme air\" OR @acmeair) NOT coyote'", "5", "query"),
    ("'(\"acme air\" OR @acmeair) NOT coyote'", '"   "', "query"),
    ('must_match = ["fly @acmeair"]', 'must_match = ["fly united"]', "must_match"),
    ('must_match = ["fly @acmeair"]', 'must_match = "fly @acmeair"\nmust_mach = []', "must_mach"),
    ("accounts = { x = \"acmeair\" }", "accounts = 5", "accounts"),
    ("accounts = { x = \"acmeair\" }", "accounts = { x = 5 }", "accounts"),
    ("[[subjects]]", "[subjects]", "config.toml"),
    ("[[subjects]]", "[[subjets]]", "subjets"),
    ('type = "folder"', 'type = "foldr"', "foldr"),
    ('type = "folder"', "type = 5", "type"),
    ('type = "folder"\n', "", "drop"),
    ('path = "drop"\n', "", "path"),
    ('path = "drop"', "path = 5", "path"),
    ('every = "1m"', 'every = "1 minute or so"', "every"),
    ('every = "1m"', "every = -5", "every"),
    ('every = "1m"', 'evry = "1m"', "evry"),
    ("[collectors.drop]", "[collectors]\ndrop = 5\n[collectors.drops]", "drop"),
    ("[collectors.drop]", "[colectors.drop]", "colectors"),
    ('sentiment = "fast"', 'sentiment = ""', "sentiment"),
    ('sentiment = "fast"', "sentiment = 5", "sentiment"),
    ('sentiment = "fast"', 'sentiment = "../../../x y z"', "sentiment"),
    ('within = "1h"', "within = true", "within"),
    ('within = "1h"', 'within = "0m"', "within"),
    ('within = "1h"\n', "", None),
    ("[respond.social]", "[respond.telepathy]", "telepathy"),
    ("warn_at = [0.5, 0.8]", "warn_at = [1.5]", "warn_at"),
    ("warn_at = [0.5, 0.8]", "warn_at = [nan]", "warn_at"),
    ("warn_at = [0.5, 0.8]", 'warn_at = ["half"]', "warn_at"),
    ("warn_at = [0.5, 0.8]", "warn_at = [0, -1]", "warn_at"),
    ('which = ["negative", "question"]', 'which = ["angry"]', "which"),
    ('which = ["negative", "question"]', "which = [[]]", "which"),
    ('late_after = "24h"', 'late_after = "soon"', "late_after"),
    ('sensitivity = "balanced"', 'sensitivity = "wild"', "sensitivity"),
    ('sensitivity = "balanced"', "sensitivity = 3", "sensitivity"),
    ("[rules.spike]", "[rules.spke]", "spke"),
    ('host = "localhost"\n', "", "host"),
    ('sender = "listener@example.com"', 'sender = "nobody"', "sender"),
    ('sender = "listener@example.com"', 'sender = "a@b\\nBcc: c@d"', "sender"),
    ('sender = "listener@example.com"', 'sender = "a@b.c"\nport = 99999', "port"),
    ('sender = "listener@example.com"', 'sender = "a@b.c"\nsecurity = "some"', "security"),
    ('sender = "listener@example.com"', 'sender = "a@b.c"\npassword = "env:NO_SUCH_NAME"',
     "NO_SUCH_NAME"),
    ('sender = "listener@example.com"', 'sender = "a@b.c"\npassword = "file:/no/such/file"',
     "password"),
    ('sender = "listener@example.com"', 'sender = "a@b.c"\npassword = "hunter2"', None),
    ("[notify.email]", "[notify.pigeon]", "pigeon"),
    ('every = "week"', 'every = "day"', "every"),
    ('day = "monday"', 'day = "moonday"', "day"),
    ('at = "09:00"', 'at = "25:00"', "at"),
    ('at = "09:00"', "at = 9", "at"),
    ('to = ["cx@example.com"]', 'to = ["nobody"]', "to"),
    ('to = ["cx@example.com"]', 'to = "cx@example.com, "', "to"),
    ("port = 8765", "port = 70000", "port"),
    ("port = 8765", 'port = "http"', "port"),
    ("port = 8765", "port = 8765.5", "port"),
    ('host = "127.0.0.1"', 'host = "0.0.0.0"', "host"),
    ("[web]", "[[web]]", "web"),
    ("port = 8765", "port = 8765\nport = 8766", "config.toml"),
    ("port = 8765", "port = ", "config.toml"),
    ("[web]", "[web", "config.toml"),
    ('host = "127.0.0.1"', 'host = "127.0.0.1', "config.toml"),
    ("port = 8765", "port = 8765\n\x00", "config.toml"),
    ("port = 8765", "port = 8765 # \ud800", "config.toml"),
    ("port = 8765", "port = 8765\nx = " + "[" * 20_000, "config.toml"),
    ("port = 8765", "port = 8765\nx = " + "1" * 6000, "config.toml"),
    ("port = 8765", "port = 8765\n[listener]\nkeep = '1d'", "config.toml"),
)  # fmt: skip

WHOLE = (  # files that are no config at all
    (b"", "subjects"),
    (b"\xff\xfe\x00\x00", "config.toml"),
    (b"\x89PNG\r\n\x1a\n", "config.toml"),
    (b'{"listener": {}}', "config.toml"),
    (b"[listener]\r", "config.toml"),
    (GOOD.encode("utf-16"), "config.toml"),
    (b"= 5\n" * 1000, "config.toml"),
    (b"a." * 20_000 + b"b = 1\n", "config.toml"),
)


def configs() -> list[tuple[bytes, str | None]]:
    """Each config, and what has to be named in its complaint; None where it is none."""
    made: list[tuple[bytes, str | None]] = []
    for there, instead, named in MISTAKES:
        assert there in GOOD, there
        text = GOOD.replace(there, instead, 1)
        made.append((text.encode("utf-8", "surrogatepass"), named))
    return [*made, *WHOLE]
