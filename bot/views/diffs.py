"""The difference that a deploy makes: a few lines on the card, and all of it as a file in the thread. Pure."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.sources import Diff
from bot.views.blocks import Block, TextFile, cap, context, preformatted

if TYPE_CHECKING:
    from bot.deploys.parts import Part

MOST_FILE = 600_000  # characters: Slack shows text files of up to 1 MB, and most characters of code are one byte
_MOST_INLINE = 2600  # characters: more is scrolled past on a telephone
_MOST_BLOCKS = 6


def inline(found: Sequence[Diff]) -> list[Block]:
    """The diffs as preformatted text, for as long as they are short enough to read in Slack, and where the rest is."""
    room = _MOST_INLINE
    blocks: list[Block] = []
    for diff in found:
        if diff.text and room > 0 and len(blocks) < _MOST_BLOCKS:
            blocks.append(preformatted(cap(diff.text, room)))
            room -= len(diff.text)
    if not blocks:
        return []
    whole = room >= 0 and len(blocks) == sum(bool(diff.text) for diff in found)
    return [
        *blocks,
        context(
            "The whole diff comes as a file." if whole else "This is the beginning: the whole diff comes as a file."
        ),
    ]


def file(title: str, parts: Sequence["Part"], found: Sequence[Diff]) -> list[TextFile]:
    """All of it as one file that `git apply` and people can read; nothing where nothing differs."""
    if not any(diff.text for diff in found):
        return []
    pieces, room, cut = [f"{title}\n"], MOST_FILE, any(diff.cut for diff in found)
    for part, diff in zip(parts, found, strict=True):
        was = f"version {part.live.version}" if part.live else "nothing"
        to = f"commit {part.commit}" if part.commit else "saved code"
        piece = f"{part.bundle.slug}: {was} -> {to}, {diff.files} files, +{diff.added} -{diff.removed}\n\n{diff.text}\n"
        if len(piece) > room:
            pieces.append(f"{piece[:room]}\n… the rest is not shown: a file holds {MOST_FILE:,} characters at most\n")
            cut = True
            break
        pieces.append(piece)
        room -= len(piece)
    slug = parts[0].bundle.slug if len(parts) == 1 else "all"
    added, removed = sum(diff.added for diff in found), sum(diff.removed for diff in found)
    shown = f"{title}: +{added} −{removed} lines" + (", cut where it is too long" if cut else "")
    return [TextFile(f"{slug}.diff", shown, "\n".join(pieces))]
