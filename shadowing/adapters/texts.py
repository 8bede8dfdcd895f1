"""How a text message leaves: as a file, or to the gateway of the house.

``SMS_URL`` says which: ``file:DIR`` (one ``.txt`` for each message), or ``https://…``: each message
is sent there by POST as JSON, ``{"id": "<…@…>", "to": "555-0150", "text": "…"}``, with the id once
more as ``Idempotency-Key``. A user and password in the address are sent as HTTP Basic.
"""

from __future__ import annotations

import base64
import json
import os
import re
import tempfile
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import Final, Protocol
from urllib.error import HTTPError
from urllib.parse import unquote, urlsplit, urlunsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from shadowing.adapters.mail.transport import Refused, TryAgain
from shadowing.adapters.plain_text import one_line

TIMEOUT_SECONDS: Final = 20
LATER: Final = frozenset({401, 403, 404, 408, 425, 429})
"""Answers about our settings or the moment: no message is given up because of them."""


@dataclass(frozen=True, slots=True)
class Text:
    """One message to one phone; ``id`` is the same for every repeat."""

    id: str
    to: str
    text: str

    def as_bytes(self) -> bytes:
        """Give the form in which it is kept and sent."""
        said = {"id": self.id, "to": self.to, "text": self.text}
        return json.dumps(said, ensure_ascii=False, sort_keys=True).encode()


class TextTransport(Protocol):
    """A way out for text messages."""

    def send(self, raw: bytes) -> None:
        """Hand over one message; when this returns, somebody else answers for it.

        Args:
            raw: From ``Text.as_bytes``.

        Raises:
            TryAgain: The way is closed for now; a repeat has the same id.
            Refused: The message will never be taken.
        """


@dataclass(frozen=True, slots=True)
class TextFolder:
    """Writes messages as files, each named after its id: a repeat takes its own place."""

    folder: Path

    def send(self, raw: bytes) -> None:
        """Write the file whole or not at all."""
        told = json.loads(raw)
        name = re.sub(r"[^A-Za-z0-9@._+-]", "_", str(told["id"]).strip("<>")).lstrip(".")
        said = f"To: {told['to']}\nMessage-ID: {told['id']}\n\n{told['text']}\n"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, unfinished = tempfile.mkstemp(prefix=".", suffix=".part", dir=self.folder)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(said)
                file.flush()
                os.fsync(file.fileno())
            Path(unfinished).replace(self.folder / f"{name[:120]}.txt")
        except OSError as error:
            raise TryAgain(f"the folder {self.folder}: {error.strerror}") from error


class _Stays(HTTPRedirectHandler):
    """Follows no redirect: a message goes where the settings say, or nowhere."""

    def redirect_request(self, *_args: object, **_more: object) -> None:
        """Say no."""


@dataclass(frozen=True, slots=True)
class TextGateway:
    """Hands messages to a gateway over HTTP.

    Attributes:
        url: Without user and password.
        user: Empty where none is asked for.
        password: Never part of a reason, a log or a ``repr``.
    """

    url: str
    user: str = ""
    password: str = field(default="", repr=False)
    timeout: float = TIMEOUT_SECONDS

    def send(self, raw: bytes) -> None:
        """Post one message; it counts as sent once the gateway has answered 2xx."""
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": str(json.loads(raw)["id"]),
            "User-Agent": "Shadowing",
        }
        if self.user:
            secret = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
            headers["Authorization"] = f"Basic {secret}"
        asked = Request(self.url, data=raw, headers=headers, method="POST")  # noqa: S310 (checked)
        try:
            with build_opener(ProxyHandler({}), _Stays).open(asked, timeout=self.timeout):
                return
        except HTTPError as error:
            error.close()
            told = one_line(f"{self._host()}: {error.code} {error.reason}")[:200]
            final = 400 <= error.code < 500 and error.code not in LATER  # noqa: PLR2004 RFC 9110
            raise Refused(told) if final else TryAgain(told) from None
        except (OSError, HTTPException, ValueError) as error:
            raise TryAgain(one_line(f"{self._host()}: {error}")[:200]) from None

    def _host(self) -> str:
        return urlsplit(self.url).netloc


def open_texts(sms_url: str, *, base: Path) -> TextTransport | None:
    """Open the way out that *sms_url* names; ``None`` where no text can be sent.

    Args:
        sms_url: As ``SMS_URL``.
        base: Where a relative ``file:`` folder starts.

    Raises:
        ValueError: :func:`check_sms_url` has a fault to tell.
    """
    if not sms_url:
        return None
    if fault := check_sms_url(sms_url):
        raise ValueError(fault)
    if sms_url.startswith("file:"):
        return TextFolder(base / _folder(sms_url))
    parts = urlsplit(sms_url)
    host = parts.netloc.rpartition("@")[2]
    return TextGateway(
        url=urlunsplit((parts.scheme, host, parts.path, parts.query, "")),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def check_sms_url(url: str) -> str | None:
    """Tell what is wrong with an ``SMS_URL`` in one sentence without its password, or nothing."""
    if url.startswith("file:"):
        return None if str(_folder(url)) != "." else "SMS_URL names no folder after file:."
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "SMS_URL has a host or port that cannot be read."
    near = host in {"127.0.0.1", "localhost", "::1"}
    if parts.scheme != "https" and not (parts.scheme == "http" and near):
        return "SMS_URL must start with file: or https://."
    return None if host else "SMS_URL names no gateway after //."


def _folder(url: str) -> Path:
    return Path(url.removeprefix("file:").removeprefix("//"))
