"""A town whose bot deploys from a git repository of the wallet."""

import pytest

from tests.deploys import Deploying


@pytest.fixture
def deploying(chat, environment, project) -> Deploying:
    """Ana and Ben, and what the project has of it."""
    return Deploying(chat, project)
