"""What is seen of entering values: the button on the card, the modal, what is said around them. Pure."""

from collections.abc import Mapping, Sequence

from bot.vault.cut import ELEMENT, FIELD
from bot.vault.receiving import Before, Wanted
from bot.vault.shape import MOST_TYPED
from bot.views import blocks
from bot.views.blocks import Block, Message, code, context, escape, preformatted, section

VALUES = "aikeys:values"  # the callback_id
HANDOUT = "handout"  # the block of the public key that a made value is sealed to

_KEPT = (
    "What you enter goes from here to Supabase. It is in my memory alone, for 15 minutes at most, and written nowhere."
)
_BOXED = (
    "What you enter goes from here to Supabase. It is in my memory for 15 minutes at most. What comes sealed I also "
    "keep in a box, until {hours} hours after it is replaced, to bring it back; what does not is written nowhere."
)


def button(approval: str) -> Block:
    """The button of the card: it opens the modal for who asked, and tells anybody else why not."""
    return blocks.button("Enter new values", "enter", approval, style="primary")


def beside(fingerprint: str) -> Block:
    """What stands beside the button: by whom, and the fingerprint of the bot's key."""
    return context(
        f"🔒 Only who asked enters them. Slack cannot read what `aikeys seal` has sealed. My key: {code(fingerprint)}"
    )


def modal(wanted: Wanted, public: str, fingerprint: str, *, sealed_only: bool, hours: int) -> Block:
    """One field a secret; for those that the bot makes, one for the key to seal them to. *hours*: of custody, or 0."""
    said = f"*{escape(wanted.title, 150)}*\n"
    if wanted.again is Before.SET:
        said += "The values were set, and I was restarted before they were proved. Enter the *same* ones once more.\n"
    elif wanted.again:
        said += "I was restarted before the values were set, and forgot them. Enter the *same* ones once more.\n"
    shown: list[Block] = [section(said + (_BOXED.format(hours=hours) if hours else _KEPT))]
    if wanted.names:
        how = "*Only sealed values are taken.*" if sealed_only else "*Better sealed*: then not even Slack can read it."
        shown += [
            section(f"{how} On your laptop, then paste what it prints:"),
            preformatted(f"aikeys seal --to {public}"),
            context(f"Compare the fingerprint that it shows: {code(fingerprint)}"),
        ]
    shown += [_field(name, sealed_only=sealed_only) for name in wanted.names]
    if wanted.generate:
        shown += [_handout(wanted.generate)]
    if wanted.names:
        number = wanted.approval.partition("/")[2]
        shown.append(
            context(f"Longer than {MOST_TYPED:,} characters? On my machine: {code(f'aikeys rotate --stdin {number}')}")
        )
    return {
        "type": "modal",
        "callback_id": VALUES,
        "private_metadata": wanted.approval,
        "title": {"type": "plain_text", "text": "Enter new values"},
        "submit": {"type": "plain_text", "text": "Set them"},
        "close": {"type": "plain_text", "text": "Back"},
        "clear_on_close": True,
        "blocks": shown,
    }


def forgotten() -> Message:
    """Say after a restart that what was entered is gone."""
    said = "I was restarted. What you entered was in my memory alone, and is forgotten."
    return Message(
        text=f"{said} Enter it again if the card asks for it.",
        blocks=[
            section(f"🔒 *{said}*\nWhether it was set before stands on the card."),
            context("→ If the card asks for it, press “Enter new values” there again."),
        ],
    )


def by_shell(wanted: Wanted, uid: int) -> Message:
    """Tell who asked that the values came from the shell of the bot's machine."""
    said = f"The values for *{escape(wanted.title, 150)}* were entered in the shell of my machine, by its user {uid}."
    return Message(
        text=said, blocks=[section(f"🔒 {said}"), context("→ Was it not you? Cancel it, and make new ones.")]
    )


def handed_out(made: Mapping[str, str]) -> Message:
    """The values that the bot made, each *made* by name as a sealed text, once."""
    shown: list[Block] = []
    for name, sealed in made.items():
        shown += [section(f"🔑 {code(name)}, made by me and sealed to your key. This is the only copy you get:")]
        shown += [
            preformatted(sealed),
            context("→ Open it on your laptop: `aikeys unseal --with KEYFILE`, and paste this."),
        ]
    names = ", ".join(made)
    return Message(text=f"{names}: made by me, sealed to your key; open it with aikeys unseal.", blocks=shown)


def unsent() -> Message:
    """Say that a secret which the bot made did not reach who asked."""
    said = "I could not hand out the secret that I made, so nothing is set."
    return Message(
        text=f"{said} Enter the values again.",
        blocks=[
            section(f"🔑 *{said}*"),
            context("→ Press “Enter new values” again. One that reaches you late is void."),
        ],
    )


def _field(name: str, *, sealed_only: bool) -> Block:
    shape = "aikeys-sealed:v1:…" if sealed_only else "The value, or aikeys-sealed:v1:…"
    return {
        "type": "input",
        "block_id": f"{FIELD}{name}",
        "label": {"type": "plain_text", "text": blocks.cap(name, 2000)},
        "element": {
            "type": "plain_text_input",
            "action_id": ELEMENT,
            "max_length": MOST_TYPED,
            "placeholder": {"type": "plain_text", "text": shape},
        },
    }


def _handout(names: Sequence[str]) -> Block:
    return {
        "type": "input",
        "block_id": HANDOUT,
        "label": {"type": "plain_text", "text": "Your public key"},
        "hint": {
            "type": "plain_text",
            "text": blocks.cap(
                f"I make {' and '.join(names)} and send it to you sealed to this key. aikeys keypair FILE makes one.",
                2000,
            ),
        },
        "element": {
            "type": "plain_text_input",
            "action_id": "key",
            "max_length": 200,
            "placeholder": {"type": "plain_text", "text": "aikeys-key:v1:…"},
        },
    }
