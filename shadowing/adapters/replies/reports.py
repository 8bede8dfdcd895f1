"""What a mail server reports of a letter that it could not deliver (RFC 3464)."""

from __future__ import annotations

from email.message import Message
from typing import Final

from shadowing.adapters.plain_text import one_line
from shadowing.domain.replies import Bounce, plain_address

LONGEST: Final = 200
MOST: Final = 20


def read_report(report: Message) -> tuple[Bounce, ...]:
    """List whom a letter did not reach; empty for a report of another kind."""
    parts = _inner(report)
    message_id = next(filter(None, map(_original_id, parts)), "")
    found: list[Bounce] = []
    for part in parts:
        if part.get_content_type() == "message/delivery-status":
            found += [_bounce(block, message_id) for block in _inner(part) if _recipient(block)]
    return tuple(found[:MOST])


def _inner(part: Message) -> list[Message]:
    held = part.get_payload()
    return [each for each in held if isinstance(each, Message)] if isinstance(held, list) else []


def _text(part: Message, name: str) -> str:
    return one_line(str(part.get(name, "")))[:LONGEST]


def _bounce(block: Message, message_id: str) -> Bounce:
    return Bounce(
        recipient=_recipient(block),
        action=_text(block, "Action").lower(),
        status=_text(block, "Status").split(" ")[0],
        message_id=message_id,
    )


def _recipient(block: Message) -> str:
    for name in ("Original-Recipient", "Final-Recipient"):
        _, _, address = _text(block, name).partition(";")
        if address.strip():
            return plain_address(address.strip(" <>"))
    return ""


def _original_id(part: Message) -> str:
    """Find our Message-ID in what the report sends back of our letter."""
    if part.get_content_type() == "message/rfc822":
        return next((_text(each, "Message-ID") for each in _inner(part)), "")
    if part.get_content_type() == "text/rfc822-headers":
        decoded = part.get_payload(decode=True)
        text = decoded.decode("ascii", "replace") if isinstance(decoded, bytes) else ""
        for line in text.splitlines():
            name, _, value = line.partition(":")
            if name.strip().lower() == "message-id":
                return one_line(value)[:LONGEST]
    return ""
