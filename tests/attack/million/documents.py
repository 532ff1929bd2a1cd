"""What leaves as a document: reports as HTML and Markdown, mails to people outside. Facts are made as for the views."""

import email
import html.parser
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import policy
from random import Random

from bot.clients.mail import Mail, composed
from bot.drawing.charting import Chart
from bot.incidents.postmortem import Report
from bot.views import incident_mail
from bot.views.document import Document, markdown, page
from bot.views.postmortem import document
from tests.attack.million import nasty, rules
from tests.attack.million.kind import shorter
from tests.attack.million.making import NOON, Makers, Making
from tests.attack.million.shaped import FILLED, NAMES, SHAPED
from tests.attack.million.views import Drawn

_TAGS = frozenset({
    "html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "ul", "li", "div", "table", "thead", "tbody",
    "tr", "th", "td", "figure", "img", "figcaption", "code",
})  # fmt: skip
_ATTRIBUTES = frozenset({"lang", "charset", "content", "name", "http-equiv", "class", "scope", "alt", "src"})
_HEADERS = frozenset({
    "from", "to", "subject", "date", "message-id", "mime-version", "content-type", "content-transfer-encoding",
    "in-reply-to", "references", "auto-submitted", "x-auto-response-suppress",
})  # fmt: skip
_TEXTS = 7


class _Seen(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.odd: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        sources = [value or "" for name, value in attrs if name == "src"]
        bad = any(not one.startswith("data:image/svg+xml;base64,") for one in sources)
        if tag not in _TAGS or not names <= _ATTRIBUTES or bad:
            self.odd.append(tag)


@dataclass
class Documents:
    """*page*, *markdown*: a document as text; *mail*: one as it goes over the wire."""

    page: Callable[[Document], str] = page
    markdown: Callable[[Document], str] = markdown
    mail: Callable[..., bytes] = composed
    name: str = "documents"
    share: int = 60

    def __post_init__(self) -> None:
        makers = Makers(SHAPED, NAMES, FILLED)
        self._report = makers.of(Report)
        self._mails = [
            (show, [(name, makers.of(kind)) for name, kind in makers.hints(show).items() if name != "return"])
            for show in (incident_mail.to_support, incident_mail.to_lead)
        ]

    def draw(self, chance: Random) -> Drawn:
        """A report or a mail."""
        texts = tuple(nasty.text(chance)[:4000] for _ in range(_TEXTS))
        return Drawn("mail" if chance.random() < 0.6 else "report", chance.getrandbits(30), texts)

    def size(self, _: Drawn) -> int:
        """Each is one."""
        return 1

    def wrong(self, drawn: Drawn) -> Iterator[str]:
        """No tag, link, table's end or formula of theirs; no header of theirs."""
        making = Making(Random(drawn.form), drawn.texts)
        if drawn.view == "mail":
            show, arguments = self._mails[drawn.form % len(self._mails)]
            yield from self._mailed(*show(**{name: maker(making) for name, maker in arguments}))
            return
        told = document(self._report(making), Chart(making.text(), "<svg/>"), "x.png")
        seen = _Seen()
        seen.feed(made := self.page(told))
        if seen.odd:
            yield f"the page has a tag or an attribute of theirs: {seen.odd[:3]}"
        yield from rules.shown(made)
        yield from _marked(self.markdown(told))

    def _mailed(self, subject: str, text: str) -> Iterator[str]:
        sent = self.mail(Mail("k", "lead@aikeys.test", subject, text), "bot@aikeys.test", NOON)
        read = email.message_from_bytes(sent, policy=policy.default)
        names = [name.lower() for name in read]
        if not set(names) <= _HEADERS or len(set(names)) != len(names) or read.is_multipart():
            yield f"a mail with headers of theirs: {names}"
        if read["to"] != "lead@aikeys.test" or "\n" in str(read["subject"]):
            yield "a mail to somebody else, or a subject of several lines"
        yield from rules.shown(str(read.get_content()).replace("\r\n", "\n"))

    def smaller(self, drawn: Drawn) -> Iterator[Drawn]:
        """The same with less in it."""
        for at, text in enumerate(drawn.texts):
            for less in ("x", *shorter(text)) if text != "x" else ():
                yield drawn._replace(texts=(*drawn.texts[:at], less, *drawn.texts[at + 1 :]))


def _marked(text: str) -> Iterator[str]:
    """CommonMark: a tag, a link or a heading is one unless its mark stands behind a backslash or in code."""
    bare = re.sub(r"`[^`\n]*`", "", text)
    if re.search(r"<(?=[a-zA-Z/!?])", bare):
        yield "the Markdown has a tag of theirs"
    if re.search(r"(?<!\\)\]\((?!x\.png\))", bare):
        yield "the Markdown has a link of theirs"
    for line in text.splitlines():
        if line.startswith(("=", "+", "@", "\t", "\r")):
            yield "a line begins as a formula does"
        if line.startswith("| 2026") and len(re.findall(r"(?<!\\)\|", line)) not in (3, 4):
            yield "a row has more cells than its table"
    yield from rules.shown(text)
