"""What the design names and is not built yet: accepted with a note, so that a file can be ready."""

COLLECTORS = frozenset({"yelp"})
RULES = frozenset({"influencer", "quiet_source", "rating_drop"})
NOTIFIERS = frozenset({"apprise", "webhook"})
LISTS = frozenset({"actions", "events", "teams", "topics"})  # written [[topics]]
TABLES = frozenset({"calendars"})

LATER = "is not built yet, and is left aside"
