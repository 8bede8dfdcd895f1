"""Reading a letter to the office's mailbox: who wrote, what sort it is, what its calendar says.

Letters come from every program there is, and from strangers. Nothing here raises over what stands
in one: what can't be read is empty.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from email.utils import getaddresses
from typing import Final

from shadowing.adapters.plain_text import one_line
from shadowing.adapters.replies.objects import read_object
from shadowing.adapters.replies.reports import read_report
from shadowing.domain.replies import Kind, Letter, addresses

LARGEST: Final = 1024 * 1024
"""Bytes of a letter; what is larger is no answer to an invitation."""

LONGEST_SUBJECT: Final = 200
MOST_PARTS: Final = 200
CALENDARS: Final = frozenset({"text/calendar", "application/ics"})
FAILS: Final = re.compile(r"\b(dmarc|dkim|spf)\s*=\s*(\w+)", re.IGNORECASE | re.ASCII)
BAD: Final = frozenset({"fail", "softfail", "permerror"})


def read(raw: bytes, *, ours: str, relay: str = "") -> Letter:
    """Read one letter.

    Args:
        raw: As it arrived, at most :data:`LARGEST` bytes of it.
        ours: The office's own address (``MAIL_FROM``).
        relay: Name under which our own relay writes Authentication-Results; others' are ignored.
    """
    letter = BytesParser(policy=compat32).parsebytes(raw)
    read_so_far = Letter(
        message_id=_message_id(letter, raw),
        senders=addresses(*(each for _, each in _people(letter, "From", "Sender"))),
        subject=_text(letter, "Subject")[:LONGEST_SUBJECT],
        automatic=_text(letter, "Auto-Submitted").lower() not in {"", "no"},
        forged=_forged(letter, relay),
        kind=Kind.HUMAN,
    )
    if letter.get_content_type() == "multipart/report":
        return replace(read_so_far, kind=Kind.REPORT, bounces=read_report(letter))
    if addresses(ours) & read_so_far.senders:
        return replace(read_so_far, kind=Kind.OWN)
    part = _calendar(letter)
    if part is None:
        return read_so_far
    said = read_object(_bytes(part), charset=_parameter(part, "charset"), method=_method(part))
    return replace(read_so_far, kind=Kind.CALENDAR, said=said)


def own_parts(message: Message) -> Iterator[Message]:
    """Go through the parts of a letter; never into a letter that it holds."""
    left = [message]
    seen = 0
    while left and seen < MOST_PARTS:
        part = left.pop(0)
        seen += 1
        yield part
        if part.get_content_maintype() == "message":
            continue
        held = part.get_payload()
        left[:0] = (
            [each for each in held if isinstance(each, Message)] if part.is_multipart() else []
        )


def _calendar(letter: Message) -> Message | None:
    leaves = [part for part in own_parts(letter) if not part.is_multipart()]
    for part in leaves:
        if part.get_content_type() in CALENDARS:
            return part
    for part in leaves:
        if _name(part).lower().endswith(".ics"):
            return part
    return None


def _people(letter: Message, *names: str) -> list[tuple[str, str]]:
    return getaddresses([_text(letter, name) for name in names])


def _text(letter: Message, name: str) -> str:
    return one_line(str(letter.get(name, "")))


def _name(part: Message) -> str:
    return str(part.get_filename("") or "")


def _parameter(part: Message, name: str) -> str:
    found = part.get_param(name, "")
    return str(found[2] if isinstance(found, tuple) else found or "")


def _method(part: Message) -> str:
    return _parameter(part, "method").strip().upper()


def _bytes(part: Message) -> bytes:
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _message_id(letter: Message, raw: bytes) -> str:
    found = _text(letter, "Message-ID")
    made = f"<{hashlib.sha256(raw).hexdigest()}@without-one>"
    return found if found and len(found) <= LONGEST_SUBJECT else made


def _forged(letter: Message, relay: str) -> bool:
    """Say whether our own relay found the sender false; what others write proves nothing."""
    if not relay:
        return False
    for told in letter.get_all("Authentication-Results", []):
        who, _, results = str(told).partition(";")
        if who.strip().split(" ")[0].casefold() != relay.casefold():
            continue
        found = {kind.lower(): said.lower() for kind, said in FAILS.findall(results)}
        judged = found["dmarc"] if "dmarc" in found else found.get("dkim", found.get("spf", ""))
        return judged in BAD
    return False
