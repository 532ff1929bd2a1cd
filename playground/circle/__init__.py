"""Circle, as far as a rotation meets it: which API keys are valid, and what its webhooks are signed with."""

from playground.circle.circle import Circle

__all__ = ["Circle"]
