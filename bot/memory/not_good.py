"""What to do about a timeline that somebody has written into; the shell and the doctor say the same."""

THEN = (
    "Stop the bot; keep aikeys.sqlite as it is for whoever looks into it; find out who can write there; then put back "
    "a copy from before (aikeys restore FILE --replace): docs/production.md, “When the bot is down”."
)
