"""Why can't I book this? Every reason has a sentence and a way on, the same everywhere (B8)."""

import inspect
from datetime import date, timedelta

import pytest

from shadowing.domain.bookings import asking as reasons
from shadowing.domain.errors import Refusal
from shadowing.services import demo
from shadowing.services.bookings import asking, offers
from shadowing.services.bookings.asking import Ask
from shadowing.services.bookings.cards import Face
from shadowing.services.bookings.offers import Listing, Query
from shadowing.store import people as store
from shadowing.web.find.ways import WAYS
from shadowing.web.sentences import SENTENCES
from tests import makers
from tests.clearances import lapse
from tests.makers import NOW, Ward
from tests.web.finding import DAY, GOAL, cards, change, signed_in

KINDS = [
    kind
    for _, kind in inspect.getmembers(reasons, inspect.isclass)
    if issubclass(kind, Refusal) and kind.__module__ == reasons.__name__
]
VISITORS = ("nadia.ferrowby", "leona.brightwater", "odell.marchbanks")


class UndoneError(Exception):
    """Undoes what was tried."""


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_every_reason_has_a_sentence_and_a_way_on(kind):
    assert SENTENCES[kind.code].endswith(".")
    assert kind in WAYS


@pytest.fixture
def ward(work):
    return Ward(work)


def card_of(app, work, ward, person_id=None):
    page = signed_in(app, work, person_id or ward.observer).get(DAY)
    (card,) = page.soup.select("li.slot")
    link = card.select_one("a.btn")
    return " ".join(card.get_text(" ").split()), link["href"] if link else ""


def test_somebody_with_an_own_shift_then_is_led_to_it_rule_b7(app, work, ward):
    other = ward.slot(mode="auto", host_id=ward.another_host(), starts_at=NOW + timedelta(days=14))
    mine = asking.request(work, ward.as_observer(), Ask(other, GOAL))
    ward.slot(starts_at=NOW + timedelta(days=14, hours=1))

    page = signed_in(app, work, ward.observer).get(DAY)

    (blocked,) = [card for card in page.soup.select("li.slot") if "You have something" in card.text]
    assert blocked.select_one("a.btn")["href"] == f"/shifts/{mine.id}"


def test_too_little_notice_leads_to_the_first_day_with_enough_rule_b4(app, work, ward):
    slot_id = ward.slot(starts_at=NOW + timedelta(days=6))

    page = signed_in(app, work, ward.observer).get(f"/slots/{slot_id}/goal", status=409)

    (note,) = page.soup.select(".note-warn")
    assert "7 days’ notice" in note.get_text()
    assert note.a["href"] == "/shifts?day=2027-03-15"


def test_no_time_left_for_what_is_missing_leads_to_it_rule_c5(app, work, ward):
    lapse(work, ward.observer)
    change(work, makers.people.program, ward.program, settings={"employee_days": 0})
    start = NOW + timedelta(hours=3)
    slot_id = ward.slot(starts_at=start)

    page = signed_in(app, work, ward.observer).get(f"/slots/{slot_id}/goal", status=409)

    note = page.soup.select_one(".note-warn")
    assert "There is no time left to complete: Privacy training." in note.get_text()
    assert note.a["href"] == "/requirements"


def test_a_cause_on_the_hosts_side_is_never_told_rule_p7(app, work, ward):
    change(work, makers.people.person, ward.host, max_per_month=0)
    ward.slot()

    words, url = card_of(app, work, ward)

    assert "not available" in words
    assert "limit" not in words
    assert url == f"/shifts?unit={ward.unit}"


@pytest.mark.slow
@pytest.mark.parametrize("who", VISITORS)
def test_list_api_and_booking_agree_on_every_slot_of_the_demo(work, app, who):
    """Rule B8: all that is shown as bookable books, and what is refused says why beforehand."""
    demo.load(work, password=None, today=date(2027, 3, 8))
    with work.read() as tx:
        person = store.find_by_email(tx.db, email=f"{who}@example.org")
    actor = makers.actor(work, person.id)
    week = date(2027, 3, 22)
    listed = offers.find(work, actor, Query(week=week)).cards
    until = week + timedelta(days=7)
    paged = offers.slots_page(work, actor, Listing(first=week, until=until, limit=200)).cards
    by_id = {card.slot_id: card for card in paged}
    shown = signed_in(app, work, person.id).get(f"/shifts?week={week}")
    assert len(cards(shown)) == len(listed) > 20
    for card in listed:
        codes = {reason.code for reason in card.reasons}
        assert codes == {reason.code for reason in by_id[card.slot_id].reasons}
        assert refused(work, actor, card.slot_id) in (codes or {""})
    # The promises of one of them are too late for anything new (F11).
    assert any(card.bookable for card in listed) is (who != "leona.brightwater")
    assert any(card.face is Face.NOT_ALLOWED for card in listed)


def refused(work, actor, slot_id):
    """Try to book, and undo it: the code of the refusal, or nothing."""
    try:
        try_it(work, actor, slot_id)
    except UndoneError:
        return ""
    except Refusal as refusal:
        return refusal.code
    raise AssertionError("nothing was undone")


def try_it(work, actor, slot_id):
    with work.write() as tx:
        asking.request_in(tx, actor, Ask(slot_id, GOAL))
        undo()


def undo():
    raise UndoneError
