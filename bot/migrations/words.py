"""The tokens of a statement, walked from left to right. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.migrations.lexing import Is, Piece, Token


@dataclass(slots=True)
class Words:
    """*at*: the token that is looked at."""

    tokens: Sequence[Token]
    at: int = 0

    @classmethod
    def of(cls, piece: Piece) -> "Words":
        """Those of *piece*, from the first on."""
        return cls(piece.tokens)

    def peek(self, ahead: int = 0) -> str:
        """The keyword there, in capitals; the sign where it is one; else empty."""
        if not 0 <= self.at + ahead < len(self.tokens):
            return ""
        token = self.tokens[self.at + ahead]
        return token.raw if token.kind is Is.SIGN else token.word

    def take(self, *words: str) -> bool:
        """Step over *words* if they are all next."""
        if all(self.peek(n) == word for n, word in enumerate(words)):
            self.at += len(words)
            return True
        return False

    def any(self, *words: str) -> str:
        """Step over the one of *words* that is next, and return it; empty where none is."""
        found = self.peek()
        if found and found in words:
            self.at += 1
            return found
        return ""

    def name(self) -> str:
        """Step over a name, with its schema if it has one; unquoted parts in small letters. Empty where none is."""
        parts: list[str] = []
        while self.at < len(self.tokens) and self.tokens[self.at].kind in (Is.WORD, Is.NAME):
            parts.append(plain(self.tokens[self.at]))
            self.at += 1
            if self.peek() != ".":
                break
            self.at += 1
        return ".".join(parts)

    def names(self) -> list[str]:
        """Names with commas between them; signs of a table's children (`*`) are stepped over."""
        found = []
        while name := self.name():
            found.append(name)
            self.any("*")
            if not self.any(","):
                break
        return found

    @property
    def rest(self) -> list[str]:
        """The keywords and signs from here on; empty texts for what is neither."""
        return [self.peek(n) for n in range(len(self.tokens) - self.at)]

    def has(self, *words: str) -> bool:
        """Whether *words* stand together somewhere from here on."""
        rest = self.rest
        return any(tuple(rest[n : n + len(words)]) == words for n in range(len(rest)))

    def parts(self) -> list["Words"]:
        """What is left, cut at the commas that stand in no parentheses."""
        found: list[list[Token]] = [[]]
        depth = 0
        for token in self.tokens[self.at :]:
            depth += (token.raw in "([") - (token.raw in ")]") if token.kind is Is.SIGN else 0
            if token.raw == "," and not depth:
                found.append([])
            else:
                found[-1].append(token)
        return [Words(one) for one in found]


def plain(token: Token) -> str:
    """A name as the catalog has it. U&"…" is left as written: nothing is looked up by it."""
    if token.kind is Is.NAME:
        return token.raw[1:-1].replace('""', '"') if token.raw.startswith('"') else token.raw
    return token.raw.lower()
