"""The six verbs, in order: collect, classify, measure, alert, notify, report."""
