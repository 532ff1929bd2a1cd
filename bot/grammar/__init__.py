"""Pure: from what a person typed to a command and its arguments, or to a refusal that helps."""

from bot.grammar.hint import usage
from bot.grammar.parsing import LONGEST, Parsed, parse
from bot.grammar.slack_text import decode
from bot.grammar.words import Word, split

__all__ = ["LONGEST", "Parsed", "Word", "decode", "parse", "split", "usage"]
