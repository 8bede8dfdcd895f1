"""How a finished message leaves: as a file, or to a mail server.

``MAIL_URL`` says which: ``file:DIR`` (one ``.eml`` for each message),
``smtp://user:pass@host:587?tls=starttls`` (or ``tls=none``), ``smtps://user:pass@host:465``.
"""

from __future__ import annotations

import hashlib
import os
import re
import smtplib
import ssl
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser
from email.policy import compat32
from pathlib import Path
from typing import Final, Literal, Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

from shadowing.adapters.plain_text import one_line

TIMEOUT_SECONDS: Final = 20
_PORTS: Final = {"starttls": 587, "none": 25, "tls": 465}
_SETUP_REPLIES: Final = frozenset({530, 534, 535, 538})
"""Refusals of our own sign-in: about the settings, not about the message."""

_ABOUT_THE_SERVER: Final = (
    smtplib.SMTPConnectError,
    smtplib.SMTPHeloError,
    smtplib.SMTPAuthenticationError,
)
"""Answers that concern every message alike: no message is given up because of them."""

Tls = Literal["starttls", "none", "tls"]


class TryAgain(Exception):
    """Not sent; later it may be. ``reason`` is for whoever runs the service."""

    def __init__(self, reason: str) -> None:
        """Keep the *reason*, one line without secrets."""
        super().__init__(reason)
        self.reason = reason


class Refused(Exception):
    """Not sent, and never will be: the mail server said so for good."""

    def __init__(self, reason: str) -> None:
        """Keep the *reason*, one line without secrets."""
        super().__init__(reason)
        self.reason = reason


class Transport(Protocol):
    """A way out."""

    def send(self, raw: bytes, *, sender: str, recipient: str) -> None:
        """Hand over one message; when this returns, somebody else answers for it.

        Args:
            raw: From ``compose``.
            sender: Where a bounce goes.
            recipient: The only one.

        Raises:
            TryAgain: The way is closed for now. The message may have gone out all the same:
                a repeat has the same Message-ID.
            Refused: The message will never be taken.
        """


@dataclass(frozen=True, slots=True)
class MailFolder:
    """Writes messages as files, each named after its Message-ID: a repeat takes its own place."""

    folder: Path

    def send(self, raw: bytes, *, sender: str, recipient: str) -> None:
        """Write the file whole or not at all; it is on the disk when this returns."""
        del sender, recipient
        try:
            self._write(raw, self.folder / _file_name(raw))
        except OSError as error:
            raise TryAgain(f"the folder {self.folder}: {error.strerror}") from error

    def _write(self, raw: bytes, path: Path) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(prefix=".", suffix=".part", dir=self.folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())
            Path(unfinished).replace(path)
        except BaseException:
            Path(unfinished).unlink(missing_ok=True)
            raise
        folder = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


@dataclass(frozen=True, slots=True)
class MailServer:
    """Hands messages to an SMTP server, one connection each.

    Attributes:
        host: Its name, as its certificate says it.
        port: Where it listens.
        tls: ``starttls`` (required, not hoped for), ``tls`` from the first byte, or ``none``.
        user: Empty where the server asks for none.
        password: Never part of a reason, a log or a ``repr``.
        timeout: Seconds that any one answer may take.
    """

    host: str
    port: int
    tls: Tls
    user: str = ""
    password: str = field(default="", repr=False)
    timeout: float = TIMEOUT_SECONDS

    def send(self, raw: bytes, *, sender: str, recipient: str) -> None:
        """Send one message; it counts as sent once the server has answered for it."""
        try:
            self._send(raw, sender=sender, recipient=recipient)
        except smtplib.SMTPRecipientsRefused as error:
            code, answer = error.recipients[recipient]
            raise self._failure(code, answer) from None
        except _ABOUT_THE_SERVER as error:
            raise TryAgain(self._told(error.smtp_code, error.smtp_error)) from None
        except smtplib.SMTPResponseException as error:
            raise self._failure(error.smtp_code, error.smtp_error) from None
        except (smtplib.SMTPException, OSError) as error:
            raise TryAgain(self._told(0, str(error))) from None

    def _send(self, raw: bytes, *, sender: str, recipient: str) -> None:
        server = self._connected()
        try:
            if self.tls == "starttls":
                server.starttls(context=ssl.create_default_context())
            if self.user:
                server.login(self.user, self.password)
            server.sendmail(sender, [recipient], raw)
        finally:
            # What is said after the answer to the message cannot take the answer back.
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
            server.close()

    def _connected(self) -> smtplib.SMTP:
        if self.tls == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=context)
        return smtplib.SMTP(self.host, self.port, timeout=self.timeout)

    def _failure(self, code: int, answer: bytes | str) -> TryAgain | Refused:
        told = self._told(code, answer)
        final = 500 <= code < 600 and code not in _SETUP_REPLIES  # noqa: PLR2004 RFC 5321, 4.2.1
        return Refused(told) if final else TryAgain(told)

    def _told(self, code: int, answer: bytes | str) -> str:
        text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
        if self.password:
            text = text.replace(self.password, "…")
        said = f"{code} {text}" if code > 0 else text
        return one_line(f"{self.host}:{self.port}: {said}")[:500]


def open_transport(mail_url: str, *, base: Path) -> Transport:
    """Open the way out that *mail_url* names; nothing is connected yet.

    Args:
        mail_url: As ``MAIL_URL``.
        base: Where a relative ``file:`` folder starts.

    Raises:
        ValueError: :func:`check_mail_url` has a fault to tell.
    """
    if fault := check_mail_url(mail_url):
        raise ValueError(fault)
    if mail_url.startswith("file:"):
        return MailFolder(base / _folder(mail_url))
    parts = urlsplit(mail_url)
    tls = _tls(mail_url)
    return MailServer(
        host=parts.hostname or "",
        port=parts.port or _PORTS[tls],
        tls=tls,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def check_mail_url(url: str) -> str | None:
    """Tell what is wrong with a ``MAIL_URL`` in one sentence that holds no password, or nothing."""
    scheme, _, _ = url.partition(":")
    if scheme == "file":
        return None if str(_folder(url)) != "." else "MAIL_URL names no folder after file:."
    if scheme not in {"smtp", "smtps"}:
        return "MAIL_URL must start with file:, smtp:// or smtps://."
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "MAIL_URL has a host or port that cannot be read; in a password, / is written %2F."
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    faults = {
        "MAIL_URL names no mail server after //.": not host,
        "MAIL_URL ends with the host and port; nothing may follow but tls.": parts.path.strip("/")
        or parts.fragment
        or set(asked) - {"tls"},
        "MAIL_URL takes tls=starttls or tls=none after smtp://, and no tls after smtps://.": asked
        and (scheme == "smtps" or asked.get("tls") not in {"starttls", "none"}),
        "MAIL_URL has a user without a password, or a password without a user.": bool(
            parts.username
        )
        != bool(parts.password),
    }
    return next((sentence for sentence, wrong in faults.items() if wrong), None)


def _tls(url: str) -> Tls:
    parts = urlsplit(url)
    if parts.scheme == "smtps":
        return "tls"
    return "none" if dict(parse_qsl(parts.query)).get("tls") == "none" else "starttls"


def _folder(url: str) -> Path:
    return Path(url.removeprefix("file:").removeprefix("//"))


def _file_name(raw: bytes) -> str:
    """Name a file after the Message-ID, or after the bytes of a message that has none."""
    said = BytesHeaderParser(policy=compat32).parsebytes(raw).get("Message-ID", "")
    name = str(said).strip().strip("<>")
    safe = re.sub(r"[^A-Za-z0-9@._+-]", "_", name).lstrip(".")
    if safe != name or not 0 < len(name) <= 120:  # noqa: PLR2004 file systems take 255 at most
        safe = f"{safe[:120]}-{hashlib.sha256(name.encode() or raw).hexdigest()[:16]}"
    return f"{safe}.eml"
