"""The office's mailbox on a real IMAP server (Dovecot)."""

import pytest

from shadowing.adapters.mailbox import AT_ONCE, MailboxShut, check_imap_url, read_new
from tests import dovecot
from tests.dovecot import PASSWORD
from tests.replies import outlook

LARGEST = 1024


@pytest.fixture(scope="module")
def server():
    with dovecot.running() as server:
        yield server


def read(url, **more):
    """Read what is new; give it."""
    taken = []
    assert read_new(url, taken.append, **{"largest": 10_000} | more) == len(taken)
    return taken


@pytest.mark.slow
def test_a_letter_is_read_once_byte_for_byte_and_never_too_much_of_it(server):
    raw = outlook("raj@hospital.example")
    server.deliver(raw)
    assert read(server.url) == [raw]
    assert read(server.url) == []

    server.deliver(b"Subject: Long\r\n\r\n" + b"x" * LARGEST)
    (cut,) = read(server.url, largest=LARGEST)
    assert len(cut) == LARGEST + 1

    for _ in range(AT_ONCE + 1):
        server.deliver(raw)
    assert [len(read(server.url)) for _ in range(3)] == [AT_ONCE, 1, 0]


@pytest.mark.slow
def test_what_could_not_be_taken_has_its_turn_again(server):
    taken = []
    for subject in (b"One", b"Two"):
        server.deliver(b"Subject: %s\r\n\r\nHello\r\n" % subject)

    def stumble(raw):
        if b"One" in raw:
            raise RuntimeError(len(raw))
        taken.append(raw)

    with pytest.raises(RuntimeError):
        read_new(server.url, stumble, largest=LARGEST)

    assert len(taken) == 1, "it holds up none behind it"
    (again,) = read(server.url)
    assert b"One" in again


@pytest.mark.slow
def test_a_mailbox_that_is_shut_says_so_without_the_password(server):
    for url in (
        server.url.replace("office", "nobody"),
        server.url.replace("INBOX", "There%20is%20%22none"),
        server.url.replace(f":{server.port}", ":1"),
    ):
        with pytest.raises(MailboxShut) as shut:
            read(url)
        assert PASSWORD not in shut.value.reason
        assert shut.value.reason.startswith("127.0.0.1: ")


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("imaps://a:b@mail.example/INBOX", None),
        ("imap://a:b@mail.example?tls=starttls", None),
        ("pop3://a:b@mail.example", "write imaps:// or imap:// and a host."),
        ("imaps://mail.example", "it takes a user and a password."),
        (
            "imaps://a:b@mail.example?tls=none",
            "it takes tls=starttls or tls=none after imap://, and no tls after imaps://.",
        ),
        (
            "imaps://a:b/c@mail.example:x",
            "it has a host or port that cannot be read; in a password, / is written %2F.",
        ),
    ],
)
def test_what_is_wrong_with_an_address_is_told_in_a_sentence(url, fault):
    assert check_imap_url(url) == fault
