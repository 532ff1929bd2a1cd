"""Pure: the pages of the runbook that some words are about, the likeliest first. Typos and endings are forgiven."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from bot.runbook.reading import Kind, Page

MOST_WORDS = 40  # different ones of a question: a pasted log is searched by its beginning
_LONGEST_WORD = 30
_TITLE, _SECTION, _COMMAND, _TEXT = 6.0, 2.0, 3.0, 1.0  # how much a word says about a page by where it stands
_NEARLY, _MISSPELT = 0.8, 0.6  # of a word's weight: another ending, a typo
_FORGIVING = 4  # letters from which a word is looked for with typos
_TROUBLE = 1.15  # whoever searches has trouble: of two pages alike, that of the section Troubleshooting
_WORD = re.compile(r"[^\W_]+")
_SAYS_NOTHING = frozenset(
    _WORD.findall(
        "a an and are at be by can do does for from get has have how i if in is it me my no not of on or our see so "
        "that the then there this to us was we what when where which who why will with you your aikeys please"
    )
)
# What people say at night → what the runbook calls it.
_ALSO = {
    "down": "outage connection issues", "unreachable": "connection issues", "dead": "outage connection issues",
    "broken": "failures errors issues", "failing": "failures errors", "fails": "failures errors", "crash": "errors",
    "slow": "performance", "hangs": "timeouts performance", "401": "signature", "503": "connection issues",
    "money": "webhook payments", "payment": "webhook", "deposit": "webhook payments", "missing": "failures",
    "leaked": "rotation keys", "leak": "rotation keys", "rotate": "rotation keys", "hacked": "security event",
    "breach": "security event", "attack": "security event", "undo": "rollback", "revert": "rollback",
    "roll": "rollback", "restore": "recovery", "lost": "recovery", "call": "contact", "ring": "contact",
    "phone": "contact", "lead": "contact", "escalate": "escalation", "outage": "critical connection issues",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hit:
    """A page, how well it suits, and the *line* of it that suits best."""

    page: Page
    score: float
    line: str


def search(pages: Sequence[Page], text: str) -> list[Hit]:
    """Return the pages that *text* is about, best first; empty where it says nothing that is in them."""
    index = _index(tuple(pages))
    asked = words(text)
    scores: dict[int, float] = {}
    known: dict[str, set[str]] = {}
    for word in asked:
        meant = _meant(word, index.rarity)
        known[word] = set(meant)
        for at, weights in enumerate(index.pages):
            best = max((near * weights.get(one, 0.0) * index.rarity[one] for one, near in meant.items()), default=0.0)
            trouble = _TROUBLE if pages[at].section == "Troubleshooting" else 1.0
            scores[at] = scores.get(at, 0.0) + best * trouble
    wanted = set().union(*known.values()) if known else set()
    ranked = sorted(((score, -at) for at, score in scores.items() if score > 0), reverse=True)
    return [Hit(pages[-at], score, _line(pages[-at], wanted)) for score, at in ranked]


def titled(pages: Iterable[Page], text: str) -> Page | None:
    """The page whose title is *text*, with or without capitals."""
    wanted = " ".join(_WORD.findall(text.casefold()))
    return next((page for page in pages if " ".join(_WORD.findall(page.title.casefold())) == wanted), None)


def words(text: str) -> list[str]:
    """The words of *text* that may say something, each once, in order."""
    found = (word for word in _WORD.findall(text[:4000].casefold()) if len(word) <= _LONGEST_WORD)
    return [word for word in dict.fromkeys(found) if word not in _SAYS_NOTHING and len(word) > 1][:MOST_WORDS]


@dataclass(frozen=True, slots=True)
class _Index:
    """Each page's words with their weights; how rare each word is."""

    pages: tuple[Mapping[str, float], ...]
    rarity: Mapping[str, float]


@lru_cache(maxsize=4)
def _index(pages: tuple[Page, ...]) -> _Index:
    found = tuple(_weights(page) for page in pages)
    counted = Counter(word for weights in found for word in weights)
    return _Index(found, {word: math.log(1 + len(pages) / count) for word, count in counted.items()})


def _weights(page: Page) -> Mapping[str, float]:
    weights: dict[str, float] = {}
    parts = [(line, _TEXT) for piece in page.pieces for line in piece.lines]
    parts += [(note.text, _TEXT) for note in page.notes if note.kind is not Kind.LATER]
    parts += [(line, _COMMAND) for line in page.named(Kind.IN_SLACK)]
    parts += [(page.section, _SECTION), (page.title, _TITLE)]
    for text, weight in parts:
        for word in words(text):
            weights[word] = max(weights.get(word, 0.0), weight)
    return weights


def _meant(word: str, known: Mapping[str, float]) -> dict[str, float]:
    """The words of the runbook that *word* may mean, each with how surely, at most 1."""
    meant = {one: _NEARLY for one in known if _ending(word, one)}
    meant |= {one: _NEARLY for one in _ALSO.get(word, "").split() if one in known}
    if word in known:
        return meant | {word: 1.0}
    if not meant and len(word) >= _FORGIVING:
        meant = dict.fromkeys(get_close_matches(word, known, n=2, cutoff=0.78), _MISSPELT)
    return meant


def _ending(word: str, other: str) -> bool:
    """True for webhook and webhooks, deploy and deployment, not for a word of two letters."""
    shorter, longer = sorted((word, other), key=len)
    return len(shorter) >= _FORGIVING and longer.startswith(shorter)


def _line(page: Page, wanted: set[str]) -> str:
    """The owner's line that has most of the *wanted* words; the first where none has any."""
    lines = [line.strip() for piece in page.pieces for line in piece.lines if line.strip()]
    return max(lines, key=lambda line: len(wanted & set(words(line))), default="")
