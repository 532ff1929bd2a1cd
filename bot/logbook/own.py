"""Which invocations in the logs are the bot's own probes: left out of every count of calls.

Only what can be told apart for certain. Not its looks at /health, nor its events without a right signature: those
rows look like anybody's, and what counts them says so.
"""

from bot.health.expected import WEBHOOK
from bot.logbook.clickhouse import attribute, literal

# The probe of the webhook (bot.health.expected): Circle sends POST. A path ends with the name in any form.
OWN_PROBE = (
    f"({attribute('request.method')} = {literal('GET')}"
    f" and endsWith({attribute('request.pathname')}, {literal(f'/{WEBHOOK}')}))"
)
