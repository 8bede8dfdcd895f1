"""The office's mailbox, where answers to invitations arrive: read over IMAP (RFC 3501).

``IMAP_URL`` says where: ``imaps://user:pass@host:993/INBOX``, or
``imap://user:pass@host:143/INBOX?tls=starttls`` (``tls=none`` on this machine alone).
"""

from __future__ import annotations

import imaplib
import logging
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from shadowing.adapters.plain_text import one_line

TIMEOUT_SECONDS: Final = 20
LOG: Final = logging.getLogger(__name__)
AT_ONCE: Final = 50
_PORTS: Final = {"imaps": 993, "imap": 143}


class MailboxShut(Exception):
    """It can't be read now; ``reason`` is one line without secrets."""

    def __init__(self, reason: str) -> None:
        """Keep the *reason*."""
        super().__init__(reason)
        self.reason = reason


def read_new(url: str, take: Callable[[bytes], None], *, largest: int) -> int:
    """Hand over what nobody has read yet, oldest first, and mark each as read once it was taken.

    A letter that could not be taken stays unread, has its turn again, and holds up no other.

    Args:
        url: As ``IMAP_URL``.
        take: Is handed one letter, no more of it than one byte past *largest*.
        largest: Bytes.

    Returns:
        How many were taken.

    Raises:
        MailboxShut: It can't be reached, or refuses us.
        Exception: The first that could not be taken, when all others had their turn.
    """
    try:
        return _read_new(url, take, largest=largest)
    except (imaplib.IMAP4.error, OSError) as error:
        host = urlsplit(url).hostname or ""
        raise MailboxShut(one_line(f"{host}: {_without_secret(url, str(error))}")[:200]) from None


def _read_new(url: str, take: Callable[[bytes], None], *, largest: int) -> int:
    box = _reached(url)
    try:
        _sign_in(box, url)
        _ok(box.select(_quoted(_folder(url))))
        found = _ok(box.uid("SEARCH", "UNSEEN"))
        numbers = (found[0] or b"").split()[:AT_ONCE]
        failed = [
            error for number in numbers if (error := _take(box, number.decode(), take, largest))
        ]
    finally:
        _leave(box)
    if failed:
        raise failed[0]
    return len(numbers)


def _take(
    box: imaplib.IMAP4, number: str, take: Callable[[bytes], None], largest: int
) -> Exception | None:
    """Hand over one letter; one that can't be taken holds up none behind it."""
    letter = _letter(box, number, largest)
    try:
        take(letter)
    except Exception as error:  # it stays unread; the others have their turn all the same
        LOG.exception("a letter could not be taken")
        return error
    _ok(box.uid("STORE", number, "+FLAGS.SILENT", r"(\Seen)"))
    return None


def _leave(box: imaplib.IMAP4) -> None:
    try:
        box.logout()
    except (imaplib.IMAP4.error, OSError):
        with suppress(OSError):
            box.shutdown()


def _reached(url: str) -> imaplib.IMAP4:
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    if parts.scheme == "imaps":
        context = ssl.create_default_context()
        return imaplib.IMAP4_SSL(host, port, ssl_context=context, timeout=TIMEOUT_SECONDS)
    return imaplib.IMAP4(host, port, timeout=TIMEOUT_SECONDS)


def _sign_in(box: imaplib.IMAP4, url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme == "imap" and _tls(url) == "starttls":
        box.starttls(ssl_context=ssl.create_default_context())
    box.login(unquote(parts.username or ""), unquote(parts.password or ""))


def _letter(box: imaplib.IMAP4, number: str, largest: int) -> bytes:
    found = _ok(box.uid("FETCH", number, f"(BODY.PEEK[]<0.{largest + 1}>)"))
    return next((part[1] for part in found if isinstance(part, tuple)), b"")


def _ok(answer: tuple[str, list[Any]]) -> list[Any]:
    kind, data = answer
    if kind != "OK":
        raise imaplib.IMAP4.error(f"answered {kind}")
    return data


def _quoted(folder: str) -> str:
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _folder(url: str) -> str:
    return unquote(urlsplit(url).path.strip("/")) or "INBOX"


def _tls(url: str) -> str:
    return dict(parse_qsl(urlsplit(url).query)).get("tls", "starttls")


def _without_secret(url: str, text: str) -> str:
    secret = unquote(urlsplit(url).password or "")
    return text.replace(secret, "…") if secret else text


def check_imap_url(url: str) -> str | None:
    """Tell what is wrong with an ``IMAP_URL`` in one sentence without its password, or nothing."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "it has a host or port that cannot be read; in a password, / is written %2F."
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    faults = {
        "write imaps:// or imap:// and a host.": parts.scheme not in _PORTS or not host,
        "it takes a user and a password.": not (parts.username and parts.password),
        "it takes tls=starttls or tls=none after imap://, and no tls after imaps://.": asked
        and (parts.scheme == "imaps" or asked.get("tls") not in {"starttls", "none"}),
    }
    return next((sentence for sentence, wrong in faults.items() if wrong), None)
