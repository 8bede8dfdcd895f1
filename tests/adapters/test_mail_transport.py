"""How a finished message leaves: into a folder, and what ``MAIL_URL`` may say."""

import stat
import threading

import pytest

from shadowing.adapters.mail.message import compose
from shadowing.adapters.mail.transport import (
    MailFolder,
    MailServer,
    TryAgain,
    check_mail_url,
    open_transport,
)
from tests.adapters.test_mail_message import ENVELOPE, LETTER, REQUEST

RAW = compose(LETTER, **ENVELOPE, calendar=REQUEST)
ROUTE = {"sender": ENVELOPE["sender"], "recipient": ENVELOPE["recipient"]}
NAME = "4821.2.rosalind@shadow.cedarhollow.example.eml"
PASSWORD = "s3cret/@:word"


def test_a_folder_holds_each_message_once(tmp_path):
    way = open_transport("file:instance/mail", base=tmp_path)
    way.send(RAW, **ROUTE)
    way.send(RAW, **ROUTE)

    folder = tmp_path / "instance" / "mail"
    assert [file.name for file in folder.iterdir()] == [NAME]
    assert (folder / NAME).read_bytes() == RAW
    assert stat.S_IMODE((folder / NAME).stat().st_mode) == 0o600


def test_a_folder_can_be_named_from_the_root(tmp_path):
    open_transport(f"file://{tmp_path}/post", base=tmp_path / "elsewhere").send(RAW, **ROUTE)

    assert (tmp_path / "post" / NAME).exists()


@pytest.mark.parametrize(
    "message_id", ["../../etc/passwd@h", "a/b@h", "x" * 300 + "@h", ".hidden@h", "", "ä@h", "a\0@h"]
)
def test_no_message_id_leaves_the_folder(tmp_path, message_id):
    raw = f"Message-ID: <{message_id}>\r\n\r\nHello\r\n".encode()

    MailFolder(tmp_path / "mail").send(raw, **ROUTE)

    (file,) = (tmp_path / "mail").iterdir()
    assert file.suffix == ".eml"
    assert not file.name.startswith(".")
    assert file.read_bytes() == raw
    assert [path.name for path in tmp_path.iterdir()] == ["mail"]


def test_two_ids_that_look_alike_are_two_files(tmp_path):
    for message_id in ("a/b@h", "a:b@h", "a_b@h"):
        MailFolder(tmp_path).send(f"Message-ID: <{message_id}>\r\n\r\n".encode(), **ROUTE)

    assert len(list(tmp_path.iterdir())) == 3


def test_a_reader_of_the_folder_never_sees_half_a_message(tmp_path):
    way = MailFolder(tmp_path)
    way.send(RAW, **ROUTE)
    sizes = set()
    done = threading.Event()

    def watch():
        while not done.is_set():
            sizes.update(len(file.read_bytes()) for file in tmp_path.glob("*.eml"))

    watcher = threading.Thread(target=watch)
    watcher.start()
    for _ in range(50):
        way.send(RAW, **ROUTE)
    done.set()
    watcher.join()

    assert sizes == {len(RAW)}


def test_a_folder_that_cannot_be_written_means_again_and_leaves_nothing(tmp_path):
    (tmp_path / "mail").write_text("a file stands in the way")

    with pytest.raises(TryAgain, match=r"mail: (File exists|Not a directory)"):
        MailFolder(tmp_path / "mail").send(RAW, **ROUTE)


def test_what_could_not_be_put_in_place_is_cleared_away(tmp_path):
    (tmp_path / NAME / "in the way").mkdir(parents=True)

    with pytest.raises(TryAgain, match="directory"):
        MailFolder(tmp_path).send(RAW, **ROUTE)
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


@pytest.mark.parametrize(
    ("url", "way"),
    [
        ("smtp://h.example", MailServer("h.example", 587, "starttls")),
        ("smtp://h.example?tls=starttls", MailServer("h.example", 587, "starttls")),
        ("smtp://h.example:2525/?tls=none", MailServer("h.example", 2525, "none")),
        ("smtp://h.example?tls=none", MailServer("h.example", 25, "none")),
        ("smtps://h.example", MailServer("h.example", 465, "tls")),
        ("smtp://a%40b:p%3A@[::1]:26", MailServer("::1", 26, "starttls", "a@b", "p:")),
    ],
)
def test_an_address_opens_the_way_it_names(tmp_path, url, way):
    assert check_mail_url(url) is None
    assert open_transport(url, base=tmp_path) == way


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("", "must start with file:, smtp:// or smtps://"),
        ("instance/mail", "must start with"),
        ("http://h.example", "must start with"),
        ("file:", "names no folder"),
        ("smtp:", "names no mail server"),
        ("smtp://", "names no mail server"),
        ("smtp://:587", "names no mail server"),
        ("smtp://h.example:port", "cannot be read"),
        ("smtp://h.example:99999", "cannot be read"),
        (f"smtp://post:{PASSWORD}@h.example:587", "cannot be read"),
        ("smtp://[::1", "cannot be read"),
        ("smtp://h.example/inbox", "nothing may follow"),
        ("smtp://h.example?timeout=3", "nothing may follow"),
        ("smtp://h.example#x", "nothing may follow"),
        ("smtp://h.example?tls=maybe", "takes tls=starttls or tls=none"),
        ("smtps://h.example?tls=none", "no tls after smtps"),
        ("smtp://post@h.example", "a user without a password"),
        ("smtp://:s3cret@h.example", "a password without a user"),
    ],
)
def test_an_address_that_is_wrong_is_told_in_a_sentence(tmp_path, url, fault):
    sentence = check_mail_url(url)

    assert fault in sentence
    assert sentence.startswith("MAIL_URL ")
    assert sentence.endswith(".")
    assert "s3cret" not in sentence
    with pytest.raises(ValueError, match="MAIL_URL"):
        open_transport(url, base=tmp_path)
