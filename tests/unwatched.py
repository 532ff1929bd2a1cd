"""A bot that does not look by itself: its deadlines are on a clock that is moved, the answers on the machine's."""

from bot.app import Bot


def unwatched(bot: Bot) -> Bot:
    """Stop its looks; those that somebody asks for go on."""
    assert bot._answering is not None
    for task in bot._answering._rounds._tasks:
        if task.get_name() == "round-watch":
            task.cancel()
    return bot
