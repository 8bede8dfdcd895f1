"""House rule 5: one newest version, and an empty database brought to it equals the tables."""

from alembic.script import ScriptDirectory

from shadowing.store import migrations, schema


def test_the_migrations_have_one_head():
    assert len(ScriptDirectory(str(migrations.HERE)).get_heads()) == 1


def test_an_empty_database_upgraded_equals_the_tables(work):
    assert migrations.current(work.engine) == migrations.head()
    assert migrations.differences(work.engine) == ()


def test_a_table_that_no_migration_makes_is_noticed(work):
    with work.engine.connect() as connection:
        connection.exec_driver_sql(f"DROP TABLE {schema.metadata.sorted_tables[-1].name}")
        connection.commit()

    assert migrations.differences(work.engine)


def test_the_database_goes_back_to_nothing_and_forth_again(work):
    migrations.downgrade(work.engine, to="base")
    assert migrations.current(work.engine) == ""

    migrations.upgrade(work.engine)
    assert migrations.differences(work.engine) == ()
