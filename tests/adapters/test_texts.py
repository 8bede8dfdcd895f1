"""Text messages as files and over HTTP: whole, repeatable, without secrets in what is told."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from shadowing.adapters.mail.transport import Refused, TryAgain
from shadowing.adapters.texts import (
    Text,
    TextFolder,
    TextGateway,
    check_sms_url,
    open_texts,
)

TEXT = Text("<0a1b@localhost>", "555-0150", "Shadowing: Can Orla join you?\nAnswer: https://…")


class Gateway(HTTPServer):
    """A gateway that answers as it is told to."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Post)
        self.status, self.got = 204, []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/sms"


class _Post(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((dict(self.headers), body))
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        """Say nothing."""


@pytest.fixture
def gateway():
    server = Gateway()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_repeat_of_a_file_takes_its_own_place(tmp_path):
    way = open_texts("file:texts", base=tmp_path)
    way.send(TEXT.as_bytes())
    way.send(TEXT.as_bytes())

    (file,) = (tmp_path / "texts").iterdir()
    assert file.name == "0a1b@localhost.txt"
    assert file.read_text("utf-8").startswith("To: 555-0150\nMessage-ID: <0a1b@localhost>\n\n")


def test_a_folder_that_cannot_be_written_is_tried_again(tmp_path):
    (tmp_path / "texts").write_text("no folder")
    with pytest.raises(TryAgain):
        TextFolder(tmp_path / "texts").send(TEXT.as_bytes())


def test_a_gateway_is_handed_json_with_the_id_of_the_message(gateway):
    way = open_texts(gateway.url.replace("//", "//clinic:p%40ss@"), base=None)
    way.send(TEXT.as_bytes())

    ((headers, body),) = gateway.got
    assert json.loads(body) == {"id": TEXT.id, "to": TEXT.to, "text": TEXT.text}
    assert headers["Idempotency-Key"] == TEXT.id
    assert headers["Authorization"] == "Basic Y2xpbmljOnBAc3M="


@pytest.mark.parametrize(
    ("status", "trouble"),
    [
        *((status, TryAgain) for status in (302, 401, 404, 408, 429, 500, 503)),
        *((status, Refused) for status in (400, 410, 422)),
    ],
)
def test_what_is_final_and_what_is_tried_again(gateway, status, trouble):
    gateway.status = status
    with pytest.raises(trouble) as told:
        TextGateway(gateway.url, user="clinic", password="hidden").send(TEXT.as_bytes())

    assert str(status) in told.value.reason
    assert "hidden" not in told.value.reason + repr(TextGateway("", password="hidden"))


def test_a_gateway_that_is_away_is_tried_again(gateway):
    url = gateway.url.replace(str(gateway.server_port), "1")
    with pytest.raises(TryAgain):
        TextGateway(url, timeout=2).send(TEXT.as_bytes())


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("file:texts", None),
        ("file:", "names no folder"),
        ("https://gateway.example.org/sms?site=7", None),
        ("http://127.0.0.1:9/sms", None),
        ("http://gateway.example.org/sms", "must start with file: or https://"),
        ("https://", "names no gateway"),
        ("https://[", "cannot be read"),
        ("pigeon:", "must start with"),
    ],
)
def test_a_wrong_address_is_told_in_one_sentence(url, fault):
    said = check_sms_url(url)

    assert said is None if fault is None else fault in said


def test_without_an_address_no_text_is_sent(tmp_path):
    assert open_texts("", base=tmp_path) is None
    with pytest.raises(ValueError, match="SMS_URL"):
        open_texts("pigeon:", base=tmp_path)
