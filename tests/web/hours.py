"""What the tests of a host's pages share: to sign in, to say hours, to fill in what a page has."""

from sqlalchemy import select

from shadowing.domain.people import Role
from shadowing.services.accounts.entering import Caller, enter_as
from shadowing.services.availability import changing
from shadowing.services.availability.acts import Given
from shadowing.store.tables.availability import slot
from shadowing.store.tables.people import person
from tests.web.visits import Visitor

WED, SUN = 2, 6
NIGHT = Given(span="N12", start="19:30", end="23:30", mode="ask")
DAY = Given(span="D12", start="10:00", end="14:00", mode="auto")


def signed_in(app, work, person_id, role=Role.HOST):
    """Open a browser for somebody."""
    with work.read() as tx:
        email = tx.db.scalar(select(person.c.email).filter_by(id=person_id))
    entered = enter_as(work, email=email, role=role, caller=Caller("192.0.2.1"))
    visitor = Visitor(app)
    with visitor.client.session_transaction(base_url=visitor.base) as session:
        session["_user_id"] = entered.token
    return visitor


def say(ward, *acts):
    changing.change(ward.work, ward.as_host(), acts)


def rows(work, **wanted):
    with work.read() as tx:
        return tx.db.execute(select(slot).filter_by(**wanted).order_by(slot.c.starts_at)).all()


def values(form):
    """Give what a form would send as it stands."""
    found = {}
    for part in form.select("input[name], select[name]"):
        kind = part.get("type", "select")
        if kind == "select":
            chosen = part.select_one("option[selected]") or part.select_one("option")
            found[part["name"]] = chosen["value"]
        elif kind not in ("radio", "checkbox") or part.has_attr("checked"):
            found[part["name"]] = part.get("value", "y")
    return found


def send(browser, action, *, status=303, **changes):
    """Fill in and send a form of the page in sight."""
    form = browser.page.form(action)
    return browser.post(action, status=status, token=False, **(values(form) | changes))
