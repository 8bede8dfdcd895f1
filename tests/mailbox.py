"""A real mail server for tests, in all its moods, and what is in the messages it took."""

import asyncio
import email
import re
import socket
from contextlib import closing
from email.policy import default

from aiosmtpd.controller import Controller

from shadowing.adapters.mail.render import open_letters
from shadowing.adapters.mail.transport import MailServer
from shadowing.config import folder
from shadowing.services.bookings import asking, gate
from shadowing.services.bookings.asking import Ask
from shadowing.services.notifications.delivery import deliver
from shadowing.services.notifications.mails import Office
from shadowing.store.tables import people
from shadowing.store.tables.journal import outbox

SENDER = "shadowing@hospital.example"
BASE_URL = "https://shadowing.example.org"
GOAL = "See how a morning starts."


class Desk:
    """Takes every message, unless told to answer DATA otherwise; "cut" hangs up after taking it.

    It takes its time over each: so many ``seconds``.
    """

    def __init__(self):
        self.taken = []
        self.answer = "250 OK"
        self.seconds = 0

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 (the library's name)
        """Take the message, and answer unless the line is to be cut first."""
        del session
        await asyncio.sleep(self.seconds)
        if not self.answer.startswith(("4", "5")):
            self.taken.append(envelope)
        if self.answer == "cut":
            server.transport.abort()
        return self.answer


class Mailbox:
    """A server on a port of its own; it may be down."""

    def __init__(self):
        self.desk = Desk()
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            self.port = free.getsockname()[1]
        self.running = None

    def up(self):
        """Let it answer."""
        self.running = Controller(self.desk, hostname="127.0.0.1", port=self.port)
        self.running.start()
        return self

    def down(self):
        """Let nobody answer at its port."""
        if self.running:
            self.running.stop()
        self.running = None

    @property
    def url(self):
        """The address of it, as MAIL_URL."""
        return f"smtp://127.0.0.1:{self.port}?tls=none"

    @property
    def messages(self):
        """What it took, parsed, in order."""
        return [email.message_from_bytes(each.content, policy=default) for each in self.desk.taken]

    @property
    def ids(self):
        """The Message-IDs of what it took, in order."""
        return [message["Message-ID"] for message in self.messages]

    def to(self, address):
        """What it took for one address, in order."""
        return [message for message in self.messages if f"<{address}>" in message["To"]]

    def office(self):
        """Write letters and send them here."""
        return Office(
            transport=MailServer(host="127.0.0.1", port=self.port, tls="none", timeout=5),
            letters=open_letters(folder("templates"), brand="Shadowing"),
            sender=SENDER,
            sender_name="Shadowing",
            base_url=BASE_URL,
            missing_of=gate.blocking,
        )


def event_in(message):
    """Read the calendar part of a message: METHOD, UID, SEQUENCE, STATUS and the like."""
    for part in message.walk():
        if part.get_content_type() == "text/calendar":
            text = part.get_payload(decode=True).decode()
            lines = re.sub(r"\r\n[ \t]", "", text).split("\r\n")
            return dict(line.partition(":")[::2] for line in lines if ":" in line)
    return {}


def words_of(message):
    """Give the text of a message."""
    return message.get_body(("plain",)).get_content()


def waiting_rows(work):
    """Read the outbox, in the order it was written."""
    with work.read() as tx:
        return tx.db.execute(outbox.select().order_by(outbox.c.id)).all()


def states(work):
    """Say where each row of the outbox stands: kind and state."""
    return [(row.kind, row.state) for row in waiting_rows(work)]


def ask(ward, **slot):
    """Ask for a slot of the ward."""
    return asking.request(ward.work, ward.as_observer(), Ask(ward.slot(**slot), GOAL))


def address(ward, person_id):
    """Say where somebody reads mail."""
    with ward.work.read() as tx:
        row = tx.db.execute(people.person.select().where(people.person.c.id == person_id)).one()
    return row.email


def send(ward, mailbox):
    """Send all that is due."""
    return deliver(ward.work, mailbox.office())
