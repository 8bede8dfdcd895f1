"""Fetching a file from an address somebody typed, without lending them our place in the network.

A name is resolved once, what it resolves to is checked, and the connection goes there and nowhere
else. Every redirect passes the same door. Nothing of the answer but its bytes is ever shown.

Source: docs/decisions/0061-fetching-what-people-point-at.md.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

import httpcore

LARGEST: Final = 10 * 1024 * 1024
STEP_SECONDS: Final = 10.0
TOTAL_SECONDS: Final = 30.0
MOST_REDIRECTS: Final = 3
LONGEST_ADDRESS: Final = 2000
LONGEST_MARK: Final = 300
OK: Final = 200
NOT_CHANGED: Final = 304
MOVED: Final = frozenset({301, 302, 303, 307, 308})
SCHEMES: Final = {"webcal": "https", "webcals": "https"}
PORTS: Final = {"https": 443, "http": 80}
AGENT: Final = "Shadowing calendar import"

CLOSED: Final = tuple(
    ipaddress.ip_network(network)
    for network in (
        *("192.0.0.0/24", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"),
        *("fec0::/10", "::/96"),
    )
)
"""Global by the book, and yet ways into somebody's own network."""


class NotFetched(Exception):
    """Nothing came of it; ``code`` says why, for us and not for the network's sake."""

    def __init__(self, code: str) -> None:
        """Keep the *code*: no address, no answer, no detail."""
        super().__init__(code)
        self.code = code


class NotChanged(Exception):
    """The file is as it was when it was last fetched."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file, and what to ask with next time."""

    data: bytes
    etag: str
    modified: str


def checked_address(text: str, *, allowed: Collection[str] = ()) -> str:
    """Bring a typed address to the form in which it is fetched.

    Args:
        text: ``https://`` or ``webcal://``; ``http://`` for an allowed host alone.
        allowed: Hosts as ``host:port`` that may be anywhere, our own network included.

    Raises:
        NotFetched: ``bad_address``.
    """
    bad = NotFetched("bad_address")
    if len(text) > LONGEST_ADDRESS or not text.isprintable() or " " in text or "\\" in text:
        raise bad
    try:
        parts = urlsplit(text)
        scheme = SCHEMES.get(parts.scheme, parts.scheme)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = parts.port or PORTS[scheme]
    except (ValueError, KeyError):
        raise bad from None
    if not host or parts.username is not None or parts.password is not None:
        raise bad
    if scheme == "http" and f"{host}:{port}" not in allowed:
        raise bad
    return _written(parts, scheme=scheme, host=host, port=port)


def _written(parts: SplitResult, *, scheme: str, host: str, port: int) -> str:
    place = f"[{host}]" if ":" in host else host
    place = place if port == PORTS[scheme] else f"{place}:{port}"
    path = parts.path.encode("utf-8")
    plain = "".join(chr(byte) if byte < 128 else f"%{byte:02X}" for byte in path)  # noqa: PLR2004
    query = parts.query.encode("utf-8")
    asked = "".join(chr(byte) if byte < 128 else f"%{byte:02X}" for byte in query)  # noqa: PLR2004
    return urlunsplit((scheme, place, plain or "/", asked, ""))


def fetch(
    address: str, *, etag: str = "", modified: str = "", allowed: Collection[str] = ()
) -> Fetched:
    """Fetch a file.

    Args:
        address: As typed, or as ``checked_address`` gave it.
        etag: Of the last answer.
        modified: Likewise.
        allowed: See ``checked_address``.

    Raises:
        NotChanged: It is as it was.
        NotFetched: ``bad_address``, ``private_address``, ``unreachable``, ``too_slow``,
            ``too_large``, ``coded``, ``too_many_redirects`` or ``refused``.
    """
    deadline = time.monotonic() + TOTAL_SECONDS
    headers = [("Accept", "text/calendar, */*;q=0.1"), ("Accept-Encoding", "identity")]
    headers += [("User-Agent", AGENT), ("Connection", "close")]
    headers += [("If-None-Match", etag)] if etag else []
    headers += [("If-Modified-Since", modified)] if modified else []
    at = checked_address(address, allowed=allowed)
    backend = _Door(allowed, deadline)
    try:
        for _ in range(MOST_REDIRECTS + 1):
            with httpcore.ConnectionPool(
                ssl_context=ssl.create_default_context(), network_backend=backend
            ) as pool:
                answer = _ask(pool, at, headers, deadline)
            if isinstance(answer, Fetched):
                return answer
            at = checked_address(urljoin(at, answer), allowed=allowed)
    except httpcore.TimeoutException:
        raise NotFetched("too_slow") from None
    except (OSError, UnicodeError, httpcore.NetworkError, httpcore.ProtocolError):
        raise NotFetched("unreachable") from None
    raise NotFetched("too_many_redirects")


def _ask(
    pool: httpcore.ConnectionPool, at: str, headers: list[tuple[str, str]], deadline: float
) -> Fetched | str:
    """Ask once: the file, or where it has moved to."""
    timeout = dict.fromkeys(("connect", "read", "write", "pool"), STEP_SECONDS)
    with pool.stream("GET", at, headers=headers, extensions={"timeout": timeout}) as answer:
        told = {name.lower(): value.decode("latin-1") for name, value in answer.headers}
        if answer.status == NOT_CHANGED:
            raise NotChanged
        if answer.status in MOVED and told.get(b"location"):
            return told[b"location"]
        if answer.status != OK:
            raise NotFetched("refused")
        # A coding could hide any number of bytes in a few; none was asked for.
        if told.get(b"content-encoding", "identity").strip().lower() != "identity":
            raise NotFetched("coded")
        data = _within(answer.iter_stream(), deadline)
    return Fetched(data, _mark(told.get(b"etag", "")), _mark(told.get(b"last-modified", "")))


def _within(pieces: Iterable[bytes], deadline: float) -> bytes:
    data = bytearray()
    for piece in pieces:
        data += piece
        if len(data) > LARGEST:
            raise NotFetched("too_large")
        if time.monotonic() > deadline:
            raise NotFetched("too_slow")
    return bytes(data)


def _mark(value: str) -> str:
    """Keep what can be sent back as it came, and nothing else."""
    plain = value.isascii() and value.isprintable() and len(value) <= LONGEST_MARK
    return value if plain else ""


def is_public(address: str) -> bool:
    """Say whether an address belongs to the world at large."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    closed = (
        found.is_private
        or found.is_loopback
        or found.is_link_local
        or found.is_multicast
        or found.is_reserved
        or found.is_unspecified
        or any(found in network for network in CLOSED if network.version == found.version)
    )
    return found.is_global and not closed


class _Door(httpcore.NetworkBackend):
    """Opens connections to checked addresses alone."""

    def __init__(self, allowed: Collection[str], deadline: float) -> None:
        self._allowed = allowed
        self._deadline = deadline
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Resolve a name once, look at every address of it, and go to the first."""
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [str(each[4][0]) for each in found]
        if f"{host}:{port}" not in self._allowed and not all(map(is_public, addresses)):
            raise NotFetched("private_address")
        stream = self._sockets.connect_tcp(
            addresses[0],
            port,
            _left(self._deadline, timeout),
            local_address,
            socket_options,
        )
        return _Timed(stream, self._deadline)


class _Timed(httpcore.NetworkStream):
    """A connection whose every step ends by one deadline; a byte a second is not enough."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what is there."""
        return self._stream.read(max_bytes, _left(self._deadline, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all of it."""
        self._stream.write(buffer, _left(self._deadline, timeout))

    def close(self) -> None:
        """Hang up."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Speak TLS, to the name that was typed."""
        left = _left(self._deadline, timeout)
        stream = self._stream.start_tls(ssl_context, server_hostname, left)
        return _Timed(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - as the library has it
        """Tell of the connection."""
        return self._stream.get_extra_info(info)


def _left(deadline: float, timeout: float | None) -> float:
    left = min(deadline - time.monotonic(), timeout or STEP_SECONDS)
    if left <= 0:
        raise httpcore.ReadTimeout
    return left
