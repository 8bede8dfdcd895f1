"""What tests of finding and asking have in common."""

from datetime import timedelta

from sqlalchemy import update

from shadowing.domain.people import Role
from shadowing.services.accounts.entering import Caller, enter_as
from shadowing.services.bookings import asking
from shadowing.services.bookings.asking import Ask
from shadowing.store.tables import people
from tests.makers import NOW
from tests.web.visits import Visitor

GOAL = "See what a nurse waits for."
FORTNIGHT = NOW + timedelta(days=14)
"""Monday, March 22, 2027, 9:00 am in Chicago, where clocks have gone forward by then."""
DAY = "/shifts?day=2027-03-22"


def signed_in(app, work, person_id, role=Role.OBSERVER):
    """Open a browser for somebody."""
    with work.read() as tx:
        row = tx.db.execute(people.person.select().filter_by(id=person_id)).one()
    entered = enter_as(work, email=row.email, role=role, caller=Caller("192.0.2.1"))
    visitor = Visitor(app)
    with visitor.client.session_transaction(base_url=visitor.base) as session:
        session["_user_id"] = entered.token
    return visitor


def change(work, table, row_id, **values):
    """Set values of one row."""
    with work.write() as tx:
        tx.db.execute(update(table).where(table.c.id == row_id).values(**values))


def cards(page):
    """List the cards of a page by what can be read on them."""
    return [" ".join(card.get_text(" ").split()) for card in page.soup.select("li.slot")]


def goal_in(page):
    """Give what stands in the box for the goal."""
    return page.soup.select_one("#goal").get_text().strip()


def take(work, ward, slot_id):
    """Let somebody else hold the last seat."""
    asking.hold(work, ward.as_observer(ward.another_observer()), Ask(slot_id, GOAL))


def choose(browser, slot_id, **written):
    """Open the goal page of a slot, write, and go on."""
    browser.get(f"/slots/{slot_id}/goal")
    return browser.post(f"/slots/{slot_id}/goal", **({"goal": GOAL} | written))
