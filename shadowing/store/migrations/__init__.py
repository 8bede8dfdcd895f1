"""The database's versions: upgrade, downgrade, compare; configured in code, no ini file."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from shadowing.store import schema

HERE = Path(__file__).parent


def _config(engine: Engine) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.attributes["engine"] = engine
    return config


def upgrade(engine: Engine, *, to: str = "head") -> None:
    """Bring the database to revision *to*; the latest unless said otherwise."""
    command.upgrade(_config(engine), to)


def downgrade(engine: Engine, *, to: str) -> None:
    """Take the database back to revision *to* (``base`` empties it)."""
    command.downgrade(_config(engine), to)


def head() -> str:
    """Name the newest revision this program knows."""
    newest = ScriptDirectory(str(HERE)).get_current_head()
    if newest is None:
        raise LookupError("the package holds no migrations")
    return newest


def current(engine: Engine) -> str:
    """Name the revision the database is at; empty when it has never been migrated."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def differences(engine: Engine) -> tuple[str, ...]:
    """List where the database and the tables of this program differ; empty when they agree."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = compare_metadata(context, schema.metadata)
    return tuple(str(difference) for difference in found)
