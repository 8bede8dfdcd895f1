"""The application on a fresh database, and somebody at a browser."""

import pytest

from shadowing.app import create_app
from shadowing.config import Settings
from tests.web.visits import Visitor

SECRET = "a key of forty letters, only for tests..."


def build(work, tmp_path, **told):
    """Build the application on *work*, as the settings say."""
    settings = Settings(
        database_url=str(work.engine.url),
        secret_key=SECRET,
        instance=tmp_path / "instance",
        **told,
    )
    return create_app(settings, work=work)


@pytest.fixture
def app(work, tmp_path):
    return build(work, tmp_path)


@pytest.fixture
def visitor(app):
    return Visitor(app)
