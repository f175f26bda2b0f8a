"""The settings: one TOML file, read once and checked whole; every mistake names its key."""

from listener.config.changes import changed
from listener.config.load import (
    Handed,
    Plugins,
    from_document,
    load,
    load_actions,
    load_collector,
    loads,
)
from listener.config.query_tests import check_queries, query_test_failures
from listener.config.tables import (
    ClassifyTable,
    Config,
    DigestTable,
    Language,
    ListenerTable,
    MeasuresTable,
    SubjectTable,
    WebTable,
)
from listener.config.write import Answers, write_config

__all__ = [
    "Answers",
    "ClassifyTable",
    "Config",
    "DigestTable",
    "Handed",
    "Language",
    "ListenerTable",
    "MeasuresTable",
    "Plugins",
    "SubjectTable",
    "WebTable",
    "changed",
    "check_queries",
    "from_document",
    "load",
    "load_actions",
    "load_collector",
    "loads",
    "query_test_failures",
    "write_config",
]
