"""Signing in by a link in the mail: asked for by anybody, sent to who is known, working once."""

import pytest
from sqlalchemy import select

from shadowing.adapters.credentials import digest, new_token
from shadowing.domain.accounts import LINK_LASTS
from shadowing.store.accounts import entrance
from shadowing.store.tables.accounts import session
from shadowing.store.tables.journal import outbox
from tests import makers
from tests.web.visits import Visitor


@pytest.fixture(autouse=True)
def ada(work):
    hospital = makers.organization(work)
    return makers.person(work, hospital, name="Ada Byron", email="ada@example.org")


def rows(work, table):
    with work.read() as tx:
        return tx.db.execute(select(table)).all()


def test_a_link_is_queued_for_who_is_known_and_promised_to_everybody(visitor, work, ada):
    """The letter carries no token: it is drawn when the letter is written."""
    known = visitor.post("/sign-in/link", email=" Ada@Example.org", next="/account")
    seen = visitor.get(known.location)
    unknown = visitor.post("/sign-in/link", email="nobody@example.org")

    assert unknown.location == known.location
    assert visitor.get(unknown.location).text == seen.text
    letters = rows(work, outbox)
    assert [(row.recipient_id, row.facts) for row in letters] == [(ada, {"target": "/account"})]


def test_only_so_many_letters_are_sent_to_one_address(visitor, work):
    for _ in range(7):
        visitor.post("/sign-in/link", email="ada@example.org")

    assert len(rows(work, outbox)) == 5


def test_a_link_for_an_address_that_is_none_is_mended_on_the_page(visitor):
    page = visitor.post("/sign-in/link", status=422, email="ada at example")

    assert page.errors() == {"email": "Enter an email address, like name@example.org."}


def made_link(work, person_id, *, target="/account"):
    """Make a link as the letter does."""
    token = new_token()
    with work.write() as tx:
        entrance.add_link(
            tx.db,
            digest=digest(token),
            person_id=person_id,
            target=target,
            at=tx.now,
            expires_at=tx.now + LINK_LASTS,
        )
    return f"/sign-in/link/{token}"


def test_a_link_asks_once_more_and_works_once(app, work, ada):
    link = made_link(work, ada)
    scanner, visitor = Visitor(app), Visitor(app)
    for _ in range(3):
        scanner.get(link)

    visitor.get(link)
    entered = visitor.post(link)

    assert entered.location == "/account"
    assert "Ada Byron" in visitor.get("/account").words
    scanner.post(link, status=410)
    assert "This link has ended" in Visitor(app).get(link, status=410).words


def test_a_link_ends_after_fifteen_minutes(visitor, clock, work, ada):
    link = made_link(work, ada)
    visitor.get(link)
    clock.advance(minutes=15)

    page = visitor.post(link, status=410)

    assert page.form("/sign-in/link")
    assert rows(work, session) == []


def test_a_link_that_never_was_is_like_one_that_ended(visitor):
    visitor.get(f"/sign-in/link/{'x' * 43}", status=410)
    visitor.get(f"/sign-in/link/{'x' * 42}", status=404)
