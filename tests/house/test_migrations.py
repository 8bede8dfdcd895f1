"""House rule 5: one newest version, and an empty database brought to it equals the tables."""

import pytest
from alembic.script import ScriptDirectory

from shadowing.domain.bookings.asking import SlotFull
from shadowing.services.bookings import answering, asking
from shadowing.services.bookings.asking import Ask
from shadowing.store import migrations, schema
from tests import makers
from tests.makers import Ward


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


def test_slots_their_seats_and_their_guards_outlive_the_table_they_are_kept_in(work):
    """Version 0016 makes the table of slots anew on SQLite: rows and triggers have to be there."""
    ward = Ward(work)
    slot_id = ward.slot()
    shift = asking.request(work, ward.as_observer(), Ask(slot_id, "See a morning."))

    migrations.downgrade(work.engine, to="0015")
    migrations.upgrade(work.engine)

    assert makers.taken(work, slot_id) == 1
    answering.decline(work, ward.as_host(), shift_id=shift.id)
    assert makers.taken(work, slot_id) == 0
    others = [ward.as_observer(ward.another_observer()) for _ in range(2)]
    asking.request(work, others[0], Ask(slot_id, "See a morning."))
    with pytest.raises(SlotFull):
        asking.request(work, others[1], Ask(slot_id, "See a morning."))
