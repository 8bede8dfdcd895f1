"""Fetching what people point at: by the front door alone, in bounded time and space."""

import gzip
import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpcore
import pytest

from shadowing.adapters import fetch as fetching
from shadowing.adapters.fetch import NotChanged, NotFetched, checked_address, fetch, is_public

FILE = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


@contextmanager
def server(answer):
    """Serve on a port of this machine; *answer* is given each request, which are listed."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self)
            answer(self)

        def log_message(self, *_words):
            """Say nothing."""

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.daemon_threads = True
    threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"127.0.0.1:{running.server_port}", asked
    finally:
        running.shutdown()
        running.server_close()


def say(status, body=b"", **headers):
    """Make an answer."""

    def answer(request):
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    return answer


def code_of(address, **more):
    with pytest.raises(NotFetched) as refused:
        fetch(address, **more)
    return refused.value.code


@pytest.mark.parametrize(
    ("typed", "fetched"),
    [
        ("https://example.org/a.ics?key=1#top", "https://example.org/a.ics?key=1"),
        ("webcal://Example.org:8443/a", "https://example.org:8443/a"),
        ("https://example.org:443", "https://example.org/"),
        ("https://bücher.example/ä.ics", "https://xn--bcher-kva.example/%C3%A4.ics"),
        ("https://[2606:4700::1111]/a", "https://[2606:4700::1111]/a"),
    ],
)
def test_addresses_as_they_are_fetched(typed, fetched):
    assert checked_address(typed) == fetched


@pytest.mark.parametrize(
    "typed",
    [
        *("", "example.org/a.ics", "http://example.org/a.ics", "ftp://example.org/a.ics"),
        *("file:///etc/passwd", "https://", "https:///etc", "https://ann:secret@example.org/"),
        *("https://ann@example.org/", "https://example.org:0x/", "https://exa mple.org/"),
        *("https://example.org/\r\nHost: x", "https://example.org\\@inside/", "https://[::1/"),
        *("https://" + "a" * 70 + ".org/", "https://example.org/" + "a" * 2000),
    ],
)
def test_addresses_that_are_refused(typed):
    with pytest.raises(NotFetched, match="bad_address"):
        checked_address(typed)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        *((each, True) for each in ("93.184.216.34", "2606:4700::1111", "::ffff:8.8.8.8")),
        *((each, False) for each in ("127.0.0.1", "10.0.0.1", "172.16.9.9", "192.168.1.1")),
        *((each, False) for each in ("169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1")),  # noqa: S104
        *((each, False) for each in ("192.0.0.8", "240.0.0.1", "255.255.255.255", "198.18.0.1")),
        *((each, False) for each in ("::1", "::", "fe80::1%eth0", "fd00::1", "ff02::1")),
        *((each, False) for each in ("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::7f00:1")),
        *((each, False) for each in ("64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::")),
        *((each, False) for each in ("2001:0:1::1", "fec0::1", "2001:db8::1")),
    ],
)
def test_only_addresses_of_the_world_at_large_are_gone_to(address, public):
    assert is_public(address) is public


def resolving(monkeypatch, *answers):
    """Let every name resolve to these addresses, one answer after the other; gives the count."""
    asked = []

    def getaddrinfo(host, port, *_rest, **_more):
        addresses = answers[min(len(asked), len(answers) - 1)]
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


@pytest.fixture
def connected(monkeypatch):
    """List where connections go instead of making them."""
    went = []

    def connect(_self, host, port, *_rest):
        went.append((host, port))
        raise httpcore.ConnectError

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    return went


@pytest.mark.parametrize(
    "addresses", [["127.0.0.1"], ["93.184.216.34", "10.0.0.1"], ["::ffff:169.254.169.254"]]
)
def test_a_name_that_leads_inside_is_not_followed(monkeypatch, connected, addresses):
    resolving(monkeypatch, addresses)

    assert code_of("https://calendar.example/a.ics") == "private_address"
    assert connected == []


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch, connected):
    """A name that resolves to another address a moment later gains nothing by it."""
    asked = resolving(monkeypatch, ["93.184.216.34"], ["127.0.0.1"])

    assert code_of("https://calendar.example/a.ics") == "unreachable"
    assert connected == [("93.184.216.34", 443)]
    assert asked == ["calendar.example"]


def test_a_name_nobody_knows_is_unreachable(monkeypatch):
    def nobody(*_words, **_more):
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", nobody)

    assert code_of("https://calendar.example/a.ics") == "unreachable"


def test_this_machine_is_closed_unless_it_is_named():
    assert code_of("https://127.0.0.1:1/a.ics") == "private_address"
    assert code_of("https://localhost:1/a.ics", allowed=("localhost:2",)) == "private_address"
    assert code_of("http://127.0.0.1:1/a.ics", allowed=("127.0.0.1:1",)) == "unreachable"


@pytest.mark.slow
def test_a_file_comes_with_what_to_ask_with_next_time():
    marks = {"ETag": '"7"', "Last_Modified": "Mon, 08 Mar 2027 14:00:00 GMT"}
    with server(say(200, FILE, **marks)) as (host, asked):
        found = fetch(f"http://{host}/a.ics?key=1", allowed=(host,))

    assert (found.data, found.etag, found.modified) == (FILE, '"7"', marks["Last_Modified"])
    told = asked[0].headers
    assert asked[0].path == "/a.ics?key=1"
    assert told["Accept-Encoding"] == "identity"
    assert {"Cookie", "Authorization", "If-None-Match"}.isdisjoint(told)


@pytest.mark.slow
def test_what_has_not_changed_is_not_sent_again():
    with server(say(304)) as (host, asked), pytest.raises(NotChanged):
        fetch(f"http://{host}/", etag='"7"', modified="yesterday", allowed=(host,))

    assert asked[0].headers["If-None-Match"] == '"7"'
    assert asked[0].headers["If-Modified-Since"] == "yesterday"


@pytest.mark.slow
def test_a_redirect_passes_the_same_door():
    with server(say(200, FILE)) as (inside, reached):
        with server(say(302, Location=f"http://{inside}/a.ics")) as (host, _):
            assert code_of(f"http://{host}/", allowed=(host,)) == "bad_address"
        with server(say(302, Location=f"https://{inside}/a.ics")) as (host, _):
            assert code_of(f"http://{host}/", allowed=(host,)) == "private_address"
        assert reached == []
        with server(say(307, Location=f"http://{inside}/a.ics")) as (host, _):
            assert fetch(f"http://{host}/", allowed=(host, inside)).data == FILE


@pytest.mark.slow
def test_redirects_end_after_three():
    with server(say(302, Location="/round")) as (host, asked):
        assert code_of(f"http://{host}/", allowed=(host,)) == "too_many_redirects"

    assert len(asked) == 4


@pytest.mark.slow
@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (say(404), "refused"),
        (say(401, WWW_Authenticate="Basic"), "refused"),
        (say(500), "refused"),
        (say(302), "refused"),
        (say(200, gzip.compress(bytes(10_000_000)), Content_Encoding="gzip"), "coded"),
        (say(200, b"x" * 20_000), "too_large"),
        (lambda request: request.wfile.write(b"hello\r\n\r\n"), "unreachable"),
        (lambda request: request.connection.close(), "unreachable"),
    ],
)
def test_answers_that_come_to_nothing(monkeypatch, answer, code):
    monkeypatch.setattr(fetching, "LARGEST", 10_000)
    with server(answer) as (host, _):
        assert code_of(f"http://{host}/", allowed=(host,)) == code


@pytest.mark.slow
def test_a_server_that_sends_byte_by_byte_is_left(monkeypatch):
    monkeypatch.setattr(fetching, "TOTAL_SECONDS", 0.3)
    stop = threading.Event()

    def drip(request):
        request.send_response(200)
        request.end_headers()
        while not stop.wait(0.02):
            request.wfile.write(b"x")
            request.wfile.flush()

    with server(drip) as (host, _):
        assert code_of(f"http://{host}/", allowed=(host,)) == "too_slow"
        stop.set()


@pytest.mark.slow
def test_a_mark_that_could_not_be_sent_back_is_forgotten():
    with server(say(200, FILE, ETag="x" * 400)) as (host, _):
        assert fetch(f"http://{host}/", allowed=(host,)).etag == ""
