"""Pure: a sign in the place of what cannot be seen, in mails and reports. What Slack shows: bot.views.blocks."""

import re

# Controls, what reorders what stands around it, half a surrogate: a mail or a report may be read in a terminal.
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def seen(text: str) -> str:
    """Return *text*, its lines and tabs as they are, with a � for each: whoever reads it sees that one stood there.

    Half a surrogate has no UTF-8: it must not keep a P0's mail from going out.
    """
    return _UNSEEN.sub("�", text)
