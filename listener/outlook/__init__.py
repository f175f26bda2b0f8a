"""How what is followed stands over some days: the figures of pages, one layer for all doors.

The figures are those of the digest and of `listener measures`, by the same functions; what was
counted comes from buckets, by way of the daybook.
"""
