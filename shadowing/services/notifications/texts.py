"""One letter as a text message: its subject, and links that each do one thing (N8, P17).

The links are made when the message is written, so that they wait nowhere; what is kept of them is
their digest. Who has an account gets the address of the page, which asks them to sign in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from shadowing.adapters.credentials import digest, new_short_token
from shadowing.adapters.mail.render import Facts, write
from shadowing.adapters.texts import Text
from shadowing.domain.notifications import Sending
from shadowing.domain.phone import ABOUT_NO_SHIFT, ASKED_FOR, IN_A_TEXT, LABELS, Purpose, expires
from shadowing.services.notifications.mails import Office
from shadowing.services.notifications.reading import Matter
from shadowing.store.phone import NewLink

PATH: Final = "/phone/"
OPEN_TO_ALL: Final = ("/help",)


@dataclass(frozen=True, slots=True)
class Written:
    """A text message, and the links in it that are to be kept."""

    message: bytes
    links: tuple[NewLink, ...]


def written(office: Office, matter: Matter, sending: Sending, said: Facts) -> Written:
    """Write a letter as it goes to a phone."""
    subject = write(office.letters, sending.kind, said).subject
    parts = [f"{office.sender_name}: {subject}"]
    links: list[NewLink] = []
    if matter.recipient.email:
        parts.append(said.url)
    elif said.url.removeprefix(office.base_url) in OPEN_TO_ALL:
        parts.append(f"What visitors agree to: {said.url}")
    else:
        for purpose in purposes(matter, sending.kind):
            token, link = _link(matter, purpose)
            links.append(link)
            parts.append(f"{LABELS[purpose]}: {office.base_url}{PATH}{token}")
    text = Text(matter.parcel.message_id, matter.recipient.phone, "\n".join(parts))
    return Written(text.as_bytes(), tuple(links))


def purposes(matter: Matter, kind: str) -> tuple[Purpose, ...]:
    """Say which links a letter carries."""
    if kind == ASKED_FOR:
        return (Purpose(str(matter.parcel.facts["purpose"])),)
    hosts = matter.visit is not None and matter.visit.host.id == matter.recipient.id
    return IN_A_TEXT.get(kind, ()) if hosts else ()


def _link(matter: Matter, purpose: Purpose) -> tuple[str, NewLink]:
    token = new_short_token()
    shift = matter.visit.shift if matter.visit and purpose not in ABOUT_NO_SHIFT else None
    until = expires(
        purpose,
        now=matter.now,
        answer_by=shift.answer_by if shift else None,
        ends_at=shift.ends_at if shift else None,
    )
    kept = NewLink(
        digest=digest(token),
        person_id=matter.recipient.id,
        shift_id=shift.id if shift else None,
        purpose=purpose,
        expires_at=until,
    )
    return token, kept
