"""The one place that makes up names nobody can guess or repeat."""

import uuid


def fresh_id() -> str:
    """A UUID, at random."""
    return str(uuid.uuid4())
