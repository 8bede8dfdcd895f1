"""Run migrations on the engine that was handed over, each in one transaction."""

from __future__ import annotations

from alembic import context

from shadowing.store import schema

engine = context.config.attributes["engine"].execution_options(write=True)

with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=schema.metadata)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
