"""The pass: from confirmation to the end, for those in the shift; checked by anybody (C10)."""

from datetime import date, timedelta

import pytest

from shadowing.domain.accounts import TooManyTries
from shadowing.domain.bookings.passes import LENGTH, LETTERS
from shadowing.domain.clearance.evidence import Effect
from shadowing.domain.errors import NotFound
from shadowing.services.bookings import answering, asking, clock, day, passes
from shadowing.services.bookings.asking import Ask
from shadowing.store import bookings
from shadowing.store.tables import people
from shadowing.store.tables.people import credential
from tests import makers
from tests.makers import CLEARED, Ward

GOAL = "See how a morning starts."
HERE, THERE = "192.0.2.1", "192.0.2.2"


@pytest.fixture
def ward(work):
    return Ward(work)


def confirmed(ward, **slot):
    return asking.request(ward.work, ward.as_observer(), Ask(ward.slot(mode="auto", **slot), GOAL))


def seen(ward, shift, who="as_observer"):
    return passes.show(ward.work, getattr(ward, who)(), shift_id=shift.id)


def holds(ward, code, address=HERE):
    return passes.check(ward.work, code=code, address=address)


def test_there_is_none_before_everybody_agreed(ward):
    """Rule C10: it exists from ``confirmed``."""
    asked = asking.request(ward.work, ward.as_observer(), Ask(ward.slot(), GOAL))
    with pytest.raises(NotFound):
        seen(ward, asked)

    answering.accept(ward.work, ward.as_host(), shift_id=asked.id)

    assert holds(ward, seen(ward, asked).code)


@pytest.mark.parametrize("who", ["as_observer", "as_host", "as_manager", "as_coordinator"])
def test_those_in_the_shift_see_it_and_nobody_else(ward, who):
    """Rule P1."""
    shift = confirmed(ward)

    assert seen(ward, shift, who).code == seen(ward, shift).code
    strangers = {"observer": ward.another_observer(), "host": ward.another_host()}
    for role, stranger in strangers.items():
        with pytest.raises(NotFound):
            passes.show(ward.work, makers.actor(ward.work, stranger, role), shift_id=shift.id)


def test_it_shows_who_and_where_and_no_degree(work):
    """Rule C10: name, department, unit; no degrees."""
    ward = Ward(work)
    ward.observer = ward.another_observer(
        name="Ada Marsh", post_nominal="MD", portfolio="finance", title="Chief Financial Officer"
    )

    shown = seen(ward, confirmed(ward))

    assert (shown.name, shown.department) == ("Ada Marsh", "Finance")
    assert "MD" not in repr(shown)
    assert "Officer" not in repr(shown)


def test_in_scrubs_it_is_worn(work):
    """Rule D9: attire from the unit."""
    ward = Ward(work)
    assert seen(ward, confirmed(ward)).manners.worn

    plain = Ward(work, attire=["site_default"])

    assert not seen(plain, confirmed(plain)).manners.worn


def test_it_says_which_rooms_stay_closed_and_never_why(work):
    """Rules C2, C4: a lapsed fit test keeps somebody out of some rooms, and is not named."""
    ward = Ward(work, kind="MICU", sensitivity="S1")

    shown = seen(ward, confirmed(ward)).manners

    assert shown.rooms == (Effect.BLOCK_ROOM,)
    assert "FIT" not in repr(shown)
    fitted = {"requirement": "FIT", "state": "valid", "done_on": date(2027, 3, 1)}
    makers.add(work, people.credential, person_id=ward.observer, **fitted)
    shift = makers.shifts(work)[0]
    assert seen(ward, shift).manners.rooms == ()


def test_a_code_cannot_be_guessed_and_is_nobodys_twice(ward):
    """Rule C10: 80 bits, drawn."""
    codes = {seen(ward, confirmed(ward)).code}
    other = Ward(ward.work)
    codes.add(seen(other, confirmed(other)).code)

    assert len(codes) == 2
    assert all(len(code) == LENGTH and set(code) <= set(LETTERS) for code in codes)


def test_it_is_void_once_the_shift_is_cancelled(ward):
    """Rule C10."""
    shift = confirmed(ward)
    code = seen(ward, shift).code
    assert holds(ward, code)

    answering.cancel(ward.work, ward.as_host(), shift_id=shift.id)

    assert not holds(ward, code)
    assert not seen(ward, shift).good


def test_it_holds_through_the_shift_and_not_past_its_end(ward):
    """Rule C10."""
    shift = confirmed(ward)
    code = seen(ward, shift).code
    ward.work.clock.now = shift.starts_at
    assert holds(ward, code)
    day.check_in(ward.work, ward.as_host(), shift_id=shift.id, well="yes")
    assert holds(ward, code)

    ward.work.clock.now = shift.ends_at - timedelta(seconds=1)
    assert holds(ward, code)
    ward.work.clock.now = shift.ends_at
    assert not holds(ward, code)


def test_when_clearance_comes_back_the_same_pass_holds_again(work):
    """Rules C6, C10: what was printed stays good."""
    ward = Ward(work)
    shift = confirmed(ward)
    code = seen(ward, shift).code
    with work.write() as tx:
        tx.db.execute(credential.delete())
        bookings.move(tx.db, bookings.find(tx.db, shift_id=shift.id), to="unit_approved")
    assert not holds(ward, code)

    makers.cleared(work, ward.observer, codes=CLEARED)
    clock.run(work)

    assert makers.shifts(work)[0].state == "confirmed"
    assert seen(ward, shift).code == code
    assert holds(ward, code)


def test_who_tries_codes_is_stopped_and_nobody_else(ward):
    """Rule C10: rate-limited by address; even a right code is refused then."""
    code = seen(ward, confirmed(ward)).code
    for number in range(passes.MISSES):
        assert not holds(ward, f"{number:016}")
    with pytest.raises(TooManyTries):
        holds(ward, "Z" * 16)
    with pytest.raises(TooManyTries):
        holds(ward, code)

    assert holds(ward, code, THERE)
    ward.work.clock.advance(minutes=15)
    assert holds(ward, code)


def test_checking_real_passes_is_never_counted(ward):
    code = seen(ward, confirmed(ward)).code
    answers = {holds(ward, code) for _ in range(passes.MISSES + 5)}

    assert answers == {True}
