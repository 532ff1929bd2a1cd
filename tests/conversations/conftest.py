"""A town whose bot deploys from a git repository of the wallet."""

import pytest

from playground.source import WalletRepository
from tests.deploys import Deploying


@pytest.fixture
def repository(tmp_path) -> WalletRepository:
    """The wallet's source: its first commit is live, the later ones wait."""
    repository = WalletRepository(tmp_path / "wallet")
    repository.build()
    return repository


@pytest.fixture
def deploying(chat, environment, project) -> Deploying:
    """Ana and Ben, and what the project has of it."""
    return Deploying(chat, project)
