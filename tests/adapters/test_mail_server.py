"""How a finished message leaves: to a real mail server on this machine, in all its moods."""

import shutil
import socket
import ssl
import subprocess
import threading
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from shadowing.adapters.mail.message import compose
from shadowing.adapters.mail.transport import (
    MailServer,
    Refused,
    TryAgain,
    open_transport,
)
from tests.adapters.test_mail_message import ENVELOPE, LETTER, REQUEST

RAW = compose(LETTER, **ENVELOPE, calendar=REQUEST)
ROUTE = {"sender": ENVELOPE["sender"], "recipient": ENVELOPE["recipient"]}
PASSWORD = "s3cret/@:word"


class Desk:
    """What the mail server does with a message; by default it takes it."""

    def __init__(self):
        self.taken = []
        self.answers = {}

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802 the library's names
        """Answer the sender."""
        del server, session, options
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 the library's names
        """Answer the recipient."""
        del server, session, options
        envelope.rcpt_tos.append(address)
        return self.answers.get("RCPT", "250 OK")

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 the library's name
        """Take the message, and answer unless the line is to be cut first."""
        del session
        answer = self.answers.get("DATA", "250 OK")
        if not answer.startswith(("4", "5")):
            self.taken.append(envelope)
        if answer == "cut":
            server.transport.abort()
        return answer

    async def handle_QUIT(self, server, session, envelope):  # noqa: N802 the library's name
        """Say goodbye."""
        del server, session, envelope
        return self.answers.get("QUIT", "221 Bye")


class House(Controller):
    """A server on a port that is free."""

    def __init__(self, desk, **options):
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            port = free.getsockname()[1]
        super().__init__(desk, hostname="127.0.0.1", port=port, **options)
        self.desk = desk


@pytest.fixture
def serve():
    """Start mail servers that end with the test."""
    running = []

    def start(**options):
        house = House(Desk(), **options)
        house.start()
        running.append(house)
        return house

    yield start
    for house in running:
        house.stop()


@pytest.fixture
def house(serve):
    """Run a mail server that takes everything from everybody."""
    return serve()


@pytest.fixture(scope="module")
def papers(tmp_path_factory):
    """Make a certificate for 127.0.0.1 that nobody trusts yet."""
    folder = tmp_path_factory.mktemp("papers")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = (
        f"{shutil.which('openssl')} req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
        f" -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
        f" -keyout {key} -out {certificate}"
    )
    subprocess.run(command.split(), check=True, capture_output=True)  # noqa: S603 written above
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    return SimpleNamespace(certificate=certificate, context=context)


def transport_to(house, scheme="smtp", tls="?tls=none", user=""):
    """Open the way to a server."""
    return open_transport(f"{scheme}://{user}127.0.0.1:{house.port}{tls}", base=Path())


def test_a_server_gets_the_message_as_it_is(house):
    transport_to(house).send(RAW, **ROUTE)

    (envelope,) = house.desk.taken
    assert envelope.content == RAW
    assert (envelope.mail_from, envelope.rcpt_tos) == (ROUTE["sender"], [ROUTE["recipient"]])


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
def test_a_server_that_is_busy_is_asked_again(house, step):
    house.desk.answers[step] = "451 4.3.0 come back later"

    with pytest.raises(TryAgain, match=r"451 4\.3\.0 come back later"):
        transport_to(house).send(RAW, **ROUTE)
    assert house.desk.taken == []


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
def test_a_server_that_refuses_is_not_asked_again(house, step):
    house.desk.answers[step] = "550 5.1.1 nobody\x07 here"

    with pytest.raises(Refused, match=r"^127\.0\.0\.1:\d+: 550 5\.1\.1 nobody here$"):
        transport_to(house).send(RAW, **ROUTE)
    assert house.desk.taken == []


def test_a_server_that_wants_a_password_first_is_a_matter_of_settings(house):
    house.desk.answers["MAIL"] = "530 5.7.0 Authentication required"

    with pytest.raises(TryAgain, match="530"):
        transport_to(house).send(RAW, **ROUTE)


def test_a_line_cut_after_the_message_means_again_and_a_repeat_says_the_same(house):
    house.desk.answers["DATA"] = "cut"
    with pytest.raises(TryAgain):
        transport_to(house).send(RAW, **ROUTE)
    house.desk.answers.clear()

    transport_to(house).send(RAW, **ROUTE)

    first, second = house.desk.taken
    assert first.content == second.content == RAW


def test_a_message_that_was_taken_stays_taken_whatever_is_said_goodbye(house):
    house.desk.answers["QUIT"] = "500 no"

    transport_to(house).send(RAW, **ROUTE)

    assert len(house.desk.taken) == 1


def test_nobody_at_the_door_means_again():
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]

    with pytest.raises(TryAgain, match=rf"127\.0\.0\.1:{port}: .*refused"):
        MailServer("127.0.0.1", port, "none").send(RAW, **ROUTE)


@pytest.mark.parametrize(
    "greeting", [b"554 no service\r\n", b"421 too many\r\n", b"", b"hello\r\n"]
)
def test_a_door_that_opens_on_nothing_means_again(greeting):
    with closing(socket.create_server(("127.0.0.1", 0))) as door:

        def answer():
            visitor, _ = door.accept()
            with visitor:
                visitor.sendall(greeting)

        porter = threading.Thread(target=answer)
        porter.start()
        way = MailServer(host="127.0.0.1", port=door.getsockname()[1], tls="none")
        with pytest.raises(TryAgain):
            way.send(RAW, **ROUTE)
        porter.join()


def test_a_server_that_says_nothing_is_not_waited_for():
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        port = silent.getsockname()[1]
        way = MailServer(host="127.0.0.1", port=port, tls="none", timeout=0.2)

        with pytest.raises(TryAgain, match="timed out"):
            way.send(RAW, **ROUTE)


def test_a_user_signs_in_with_the_password_of_the_address(serve, papers, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(papers.certificate))
    seen = []

    def check(server, session, envelope, mechanism, data):
        del server, session, envelope, mechanism
        seen.append((data.login, data.password))
        return AuthResult(success=data.password == PASSWORD.encode(), handled=False)

    house = serve(tls_context=papers.context, authenticator=check, auth_required=True)
    transport_to(house, tls="", user="post:s3cret%2F%40%3Aword@").send(RAW, **ROUTE)
    assert seen == [(b"post", PASSWORD.encode())]
    assert len(house.desk.taken) == 1

    with pytest.raises(TryAgain, match="535"):
        transport_to(house, tls="", user="post:wrong@").send(RAW, **ROUTE)


def test_no_reason_tells_the_password(house):
    house.desk.answers["MAIL"] = f"550 not with {PASSWORD}"
    way = MailServer("127.0.0.1", house.port, "none", password=PASSWORD)

    with pytest.raises(Refused) as refused:
        way.send(RAW, **ROUTE)

    assert PASSWORD not in refused.value.reason
    assert PASSWORD not in repr(way)


def test_a_server_without_tls_gets_nothing_unless_the_settings_say_so(house):
    with pytest.raises(TryAgain, match="STARTTLS"):
        transport_to(house, tls="").send(RAW, **ROUTE)
    assert house.desk.taken == []


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_certificate_is_checked(serve, papers, scheme, monkeypatch):
    if scheme == "smtps":
        house = serve(ssl_context=papers.context)
    else:
        house = serve(tls_context=papers.context, require_starttls=True)
    way = transport_to(house, scheme=scheme, tls="")
    with pytest.raises(TryAgain, match=r"(?i)certificate"):
        way.send(RAW, **ROUTE)
    assert house.desk.taken == []

    monkeypatch.setenv("SSL_CERT_FILE", str(papers.certificate))
    way.send(RAW, **ROUTE)

    assert len(house.desk.taken) == 1
