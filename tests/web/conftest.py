"""The application on a fresh database, and somebody at a browser."""

import jinja2
import pytest

from shadowing.app import create_app
from shadowing.config import Settings
from tests.web.visits import Visitor

SECRET = "a key of forty letters, only for tests..."


class Compiled(jinja2.BytecodeCache):
    """Compiles every template once for all the applications of this process."""

    def __init__(self):
        """Begin with nothing compiled."""
        self.codes = {}

    def load_bytecode(self, bucket):
        """Give what was compiled of the same text before."""
        bucket.code = self.codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket):
        """Keep what was compiled now."""
        self.codes[bucket.key, bucket.checksum] = bucket.code


COMPILED = Compiled()


def build(work, tmp_path, **told):
    """Build the application on *work*, as the settings say."""
    settings = Settings(
        database_url=str(work.engine.url),
        secret_key=SECRET,
        instance=tmp_path / "instance",
        **told,
    )
    app = create_app(settings, work=work)
    app.jinja_env.bytecode_cache = COMPILED
    return app


@pytest.fixture
def app(work, tmp_path):
    return build(work, tmp_path)


@pytest.fixture
def visitor(app):
    return Visitor(app)
