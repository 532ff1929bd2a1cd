"""The bot's own key: opens what was sealed for it, and seals what must lie somewhere for a while."""

from pathlib import Path

from bot.vault import keyfile, sealing
from bot.vault.value import Value


class Box:
    """The key lies in the folder *data*, made when it is first needed. All raise keyfile.KeyUnusable."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._public = b""

    @property
    def public(self) -> str:
        """The public key, as a text to copy."""
        return sealing.key_text(self._own_public())

    @property
    def fingerprint(self) -> str:
        """The public key's, to be compared by eye."""
        return sealing.fingerprint(self._own_public())

    def open(self, text: str) -> Value:
        """Return the value that was sealed for the bot. Raises sealing.NotSealed."""
        plain = sealing.unseal(text, keyfile.own(self._data))
        value = Value(plain, sealed=True)
        plain[:] = bytes(len(plain))
        return value

    def seal(self, value: Value) -> str:
        """Return *value* so that only the bot can open it again."""
        with value.reveal() as plain:
            return sealing.seal(plain, self._own_public())

    def _own_public(self) -> bytes:
        if not self._public:
            self._public = sealing.public_of(keyfile.own(self._data))
        return self._public
