"""What tests of the whole site share: the demo with its people, and the small house of flowers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from config.tests import gifts
from segments.demo import load_demo


@pytest.fixture
def demo(settings: Any, tmp_path: Path, transactional_db: None) -> Callable[[str], Client]:
    """The demo; gives a client where the person of that name is logged in."""
    settings.MEDIA_ROOT = tmp_path / "media"
    load_demo(contacts=150)

    def as_person(name: str) -> Client:
        client = Client()
        client.force_login(User.objects.get(username=name))
        return client

    return as_person


@pytest.fixture
def flowers(settings: Any, tmp_path: Path, transactional_db: None) -> None:
    """A house that is set up, and contacts imported from a CSV file."""
    settings.MEDIA_ROOT = tmp_path / "media"
    gifts.set_up()
    gifts.import_contacts(tmp_path)
