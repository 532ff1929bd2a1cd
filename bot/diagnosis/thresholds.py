"""From which number on a diagnosis calls something unwell that no detector watches. Each with whose figure it is."""

# The owners: "query p95 < 500 ms".
STATEMENT_SLOW = 500.0  # ms

# A lock held for less is how a database works; one that lasts longer than a whole statement may (500 ms) ten times
# over stops a webhook from being stored in time.
LOCK_LONG = 5.0  # s

# Slower than last week: twice as slow is what the detectors call degraded, half as slow again is worth a line.
SLOWER = 1.5
# Differences below this are jitter, however large the factor.
NOISE = 30.0  # ms

# A change that is younger may be the cause of what goes wrong now; an older one would have been noticed.
RECENT = 24 * 3600.0  # s
