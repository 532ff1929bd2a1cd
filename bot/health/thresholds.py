"""From which number on something is wrong. Each with whose figure it is."""

# The wallet's owners: "warning: response > 2 s", "critical: /health slower than 5 s".
RESPONSE_SLOW = 2.0  # s
RESPONSE_CRITICAL = 5.0  # s

# The owners: "warning: database latency > 500 ms". /health itself says degraded only from 1000 ms on.
DATABASE_SLOW = 500.0  # ms
DATABASE_SELF_DEGRADED = 1000.0  # ms

# The owners: "failed webhook rate > 10 % or failedWebhooks > 5", in the last hour.
WEBHOOK_FAILED_RATE = 0.10
WEBHOOK_FAILED = 5

# The owners: "function error rate < 5 %".
FUNCTION_FAILED_RATE = 0.05

# Detectors: "success count 0 with at least 5 attempts in 10 minutes" is processing that stopped, not noise.
WEBHOOK_DEAD_ATTEMPTS = 5

# Signatures that do not match: more than 20 in 5 minutes is an attack or a wrong secret; up to 5 an hour is noise
# of the open internet (the address is public).
SIGNATURES_ATTACK = 20  # in 5 minutes
SIGNATURES_NOISE = 5  # in an hour

# Silence: 30 minutes at least, and 8 times the day's mean gap. With random arrivals a gap of 8 means comes once in
# 3,000, so a steady sender does not look silent by chance.
SILENCE_MINUTES = 30.0
SILENCE_GAPS = 8.0

# The owners: "more than 5 high-risk security events in 1 h" is critical; a single one is worth a look.
HIGH_RISK_SCORE = 70  # the wallet counts risk_score above this
HIGH_RISK_CRITICAL = 5  # in an hour
HIGH_RISK_SELF_DEGRADED = 10  # /health says degraded from here on, in 24 hours
