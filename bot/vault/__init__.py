"""Where the value of a secret is between the person who enters it and the call that sets it: in memory, and briefly."""

from bot.vault.box import Box
from bot.vault.value import Value
from bot.vault.vault import KEPT_FOR, Vault

__all__ = ["KEPT_FOR", "Box", "Value", "Vault"]
