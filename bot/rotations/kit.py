"""What a rotation works with: the context, what is held in memory, Circle, the vault."""

from dataclasses import dataclass

from bot.clients.circle import Circle
from bot.context import Context
from bot.rotations.entering import Entering
from bot.rotations.hands import Hands
from bot.vault import Vault


@dataclass(frozen=True, slots=True)
class Kit:
    """All of it."""

    ctx: Context
    hands: Hands
    vault: Vault
    circle: Circle
    entering: Entering
