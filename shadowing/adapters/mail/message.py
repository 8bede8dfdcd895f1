"""One letter as the bytes that go to a mail server (RFC 5322, RFC 6047).

The structure is the one that calendars read: the calendar is the last part of the alternatives,
and once more a file beside them, byte for byte the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.charset import QP, Charset
from email.header import Header
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final, Literal

from shadowing.adapters.mail.render import Letter
from shadowing.adapters.plain_text import one_line

FILE_NAME: Final = "invite.ics"
_WIDEST: Final = 76
_POLICY: Final = policy.SMTP.clone(max_line_length=_WIDEST)
_UTF8: Final = Charset("utf-8")
_UTF8.header_encoding = QP


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """A calendar object to go with a letter.

    Attributes:
        method: The same as the METHOD inside *data*; without it mail readers show no buttons.
        data: From ``adapters.ical``; goes out byte for byte.
    """

    method: Literal["REQUEST", "CANCEL"]
    data: bytes


def compose(  # noqa: PLR0913 a message has this many headers
    letter: Letter,
    *,
    sender: str,
    sender_name: str,
    recipient: str,
    recipient_name: str,
    message_id: str,
    date: datetime,
    calendar: CalendarPart | None = None,
) -> bytes:
    """Write a letter to one person; equal arguments give equal bytes.

    Args:
        letter: Subject and both bodies.
        sender: The mailbox that sends, reads answers and organizes: From and Reply-To.
        sender_name: How that mailbox is called.
        recipient: The only one.
        recipient_name: As the person gives it.
        message_id: ``<…@…>``, one for ever for each logical message: a repeat is recognized.
        date: When the message was queued; UTC-aware.
        calendar: What the recipient's calendar is to do, if anything.

    Raises:
        ValueError: An address or the Message-ID is none, or *calendar* is another method's.

    Source: docs/rules.md, rules N1 and N3.
    """
    ours = _mailbox(sender, name=sender_name)
    headers = (
        ("From", ours),
        ("To", _mailbox(recipient, name=recipient_name)),
        ("Reply-To", ours),
        ("Subject", _words(one_line(letter.subject), start=len("Subject: "))),
        ("Date", format_datetime(date.astimezone(UTC))),
        ("Message-ID", _message_id(message_id)),
        ("Auto-Submitted", "auto-generated"),
    )
    head = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return head.encode("ascii") + _body(letter, calendar=calendar).as_bytes(policy=_POLICY)


def checked_address(text: str) -> str:
    """Give *text* back if it can stand in a header and in a mail server's command.

    Raises:
        ValueError: It is no plain ASCII address.
    """
    local, at, domain = text.partition("@")
    plain = text.isascii() and text.isprintable() and not set(text) & set(' <>()[]\\,;:"')
    if not (local and at and domain and plain) or "@" in domain:
        raise ValueError(f"not an e-mail address: {text!r}")
    return text


def _body(letter: Letter, *, calendar: CalendarPart | None) -> EmailMessage:
    message = EmailMessage(policy=_POLICY)
    message.set_content(letter.text, cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    if calendar is not None:
        if f"\r\nMETHOD:{calendar.method}\r\n".encode() not in calendar.data:
            raise ValueError(f"the calendar is no {calendar.method}")
        message.add_alternative(
            calendar.data,
            maintype="text",
            subtype="calendar",
            cte="base64",
            params={"charset": "UTF-8", "method": calendar.method},
        )
        message.add_attachment(
            calendar.data,
            maintype="application",
            subtype="ics",
            filename=FILE_NAME,
            params={"name": FILE_NAME},
        )
    _set_boundaries(message, letter=letter)
    return message


def _set_boundaries(message: EmailMessage, *, letter: Letter) -> None:
    """Name the seams after the contents, so that a repeat is the same message."""
    seam = hashlib.sha256(repr((letter.text, letter.html)).encode("utf-8", "replace")).hexdigest()
    parts: Iterator[EmailMessage] = message.walk()
    for number, part in enumerate(parts):
        if part.is_multipart():
            part.set_boundary(f"={number}_{seam[:32]}")


def _mailbox(address: str, *, name: str) -> str:
    """Write ``name <address>``; the name is quoted or encoded, never trusted."""
    checked = checked_address(address)
    shown = one_line(name)
    if not shown:
        return checked
    if shown.isascii() and "=?" not in shown and len(shown) <= _WIDEST // 2:
        escaped = shown.replace("\\", "\\\\").replace('"', '\\"')
        phrase = f'"{escaped}"'
    else:
        phrase = _encoded(shown, start=len("Reply-To: "))
    fold = "\r\n " if len(phrase) + len(checked) > _WIDEST - len("Reply-To:  <>") else " "
    return f"{phrase}{fold}<{checked}>"


def _words(text: str, *, start: int) -> str:
    """Write a line of words: as it is where that is short plain ASCII, else encoded."""
    if text.isascii() and "=?" not in text and start + len(text) <= _WIDEST:
        return text
    return _encoded(text, start=start)


def _encoded(text: str, *, start: int) -> str:
    header = Header(charset=_UTF8, maxlinelen=_WIDEST, header_name=" " * (start - 2))
    header.append(text)
    return header.encode(linesep="\r\n")


def _message_id(text: str) -> str:
    if not (text.startswith("<") and text.endswith(">")):
        raise ValueError(f"a Message-ID stands in angle brackets: {text!r}")
    checked_address(text[1:-1])
    return text
