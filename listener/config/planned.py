"""What the design names and is not built yet: accepted with a note, so that a file can be ready."""

COLLECTORS = frozenset({"yelp"})
RULES = frozenset[str]()
NOTIFIERS = frozenset[str]()
LISTS = frozenset[str]()  # written [[name]]
TABLES = frozenset[str]()

LATER = "is not built yet, and is left aside"
