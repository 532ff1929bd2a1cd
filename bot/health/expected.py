"""What this wallet should have: its functions, their flags, their harmless probes, its secrets.

From the wallet's own config.toml and runbook. Calling a function may do what it is for, so only the declared
probes are ever sent; all other functions are judged by the list and shown as "not probed".
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Probe:
    """A call that does nothing. *alive* are the function's own statuses that prove that its code ran."""

    method: str
    alive: frozenset[int]


@dataclass(frozen=True, slots=True)
class ExpectedFunction:
    """A function as it should be listed. *needed*: the wallet does not work without it."""

    slug: str
    verify_jwt: bool
    needed: bool = False
    probe: Probe | None = None


WEBHOOK = "payments-circle-webhook"
HEALTH = "health"

FUNCTIONS = (
    # Answers 405 to everything but POST: a 405 of its own proves that it runs, and writes nothing.
    ExpectedFunction(WEBHOOK, verify_jwt=False, needed=True, probe=Probe("GET", frozenset({405}))),
    # Its probe is the look at /health itself, which is made in any case.
    ExpectedFunction(HEALTH, verify_jwt=False, needed=True),
    ExpectedFunction("log-security-event", verify_jwt=False),
    ExpectedFunction("send-app-link", verify_jwt=False),
)

WEBHOOK_SECRET = "CIRCLE_WEBHOOK_SECRET"  # noqa: S105  # its name
SECRETS = ("CIRCLE_API_KEY", WEBHOOK_SECRET, "ALERT_EMAIL")
OPTIONAL_SECRETS = ("OPENAI_API_KEY",)
# Values that somebody could guess: a digest, even its beginning, would tell them that they guessed right. They are no
# keys either, so their age means nothing.
GUESSABLE_SECRETS = frozenset({"ALERT_EMAIL"})
PLATFORM_SECRETS = "SUPABASE_"  # how the names of Supabase's own begin; nobody else may set one

SIGNATURE = "Invalid webhook signature"  # what the webhook writes to its console, beside a row in security_events
# The bot's own test events: left out of every count.
SYNTHETIC_TYPE = "aikeys.synthetic"
SYNTHETIC_ID = "aikeys-test-%"
