"""A strict reader of mail messages, written from RFC 5322, 2045 and 6047.

It looks at the bytes themselves before any parser may forgive them.
"""

import re
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import compat32
from email.utils import parseaddr

from tests.adapters.strict_calendar import faults_of as calendar_faults_of

HEADERS = [
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
]
ALTERNATIVES = ["multipart/alternative", "text/plain", "text/html"]
WITH_CALENDAR = ["multipart/mixed", *ALTERNATIVES, "text/calendar", "application/ics"]


def read(raw):
    """Parse a message with the parser that changes least."""
    return message_from_bytes(raw, policy=compat32)


def header(raw, name):
    """Decode one header into the words a reader sees."""
    return _decoded(read(raw).get(name, "").replace("\r\n", "")).strip()


def mailbox(raw, name):
    """Take one header apart into the name and the address a reader sees."""
    shown, address = parseaddr(read(raw)[name].replace("\r\n", ""))
    return _decoded(shown), address


def _decoded(text):
    return str(make_header(decode_header(text)))


def parts(raw):
    """Name the type of every part, from the outside in."""
    return [part.get_content_type() for part in read(raw).walk()]


def body(raw, content_type):
    """Decode the one part of this type."""
    (part,) = (p for p in read(raw).walk() if p.get_content_type() == content_type)
    return part.get_payload(decode=True)


def faults_of(raw):
    """Tell what is wrong with a message; nothing, if it is right."""
    return [*_line_faults(raw), *_header_faults(raw), *_part_faults(raw)]


def _line_faults(raw):
    if not raw.endswith(b"\r\n") or re.search(rb"(?<!\r)\n|\r(?!\n)", raw):
        yield "a line does not end in CR LF"
    if re.search(rb"[^\t\r\n -~]", raw):
        yield "a byte is no plain ASCII"
    longest = max(map(len, raw.split(b"\r\n")))
    if longest > 78:
        yield f"a line of {longest} characters"


def _header_faults(raw):
    head, _, rest = raw.partition(b"\r\n\r\n")
    lines = head.replace(b"\r\n ", b" ").split(b"\r\n")
    names = [line.partition(b": ")[0].decode() for line in lines]
    if names != HEADERS:
        yield f"the headers are {names}"
    if not rest.strip():
        yield "it says nothing"
    if header(raw, "From") != header(raw, "Reply-To"):
        yield "answers go elsewhere"
    for word in re.findall(rb"=\?\S*", head):
        if len(word) > 75 or not re.fullmatch(rb"=\?utf-8\?[qb]\?[!->@-~]+\?=,?", word):
            yield f"no encoded word: {word}"
    for name in ("From", "To"):
        if not re.fullmatch(r"[^\s@,]+@[^\s@,]+", mailbox(raw, name)[1]):
            yield f"no address in {name}"


def _part_faults(raw):
    message = read(raw)
    types = parts(raw)
    if types not in (ALTERNATIVES, WITH_CALENDAR):
        yield f"the parts are {types}"
        return
    for part in filter(_is_words, message.walk()):
        if part.get_content_charset() != "utf-8":
            yield "words that are not in UTF-8"
        if part["Content-Transfer-Encoding"] != "quoted-printable":
            yield "words that are not quoted-printable"
        if max(map(len, part.get_payload().splitlines())) > 76:
            yield "a quoted line is too long"
    if types == WITH_CALENDAR:
        yield from _calendar_faults(message)


def _is_words(part):
    return part.get_content_type() in {"text/plain", "text/html"}


def _calendar_faults(message):
    inline, attached = list(message.walk())[-2:]
    method = inline.get_param("method")
    if inline.get_params()[1:] != [("charset", "UTF-8"), ("method", method)]:
        yield f"the calendar part says {inline['Content-Type']}"
    if inline["Content-Disposition"] is not None:
        yield "the calendar part is an attachment"
    if attached.get_filename() != "invite.ics" or attached.get_param("name") != "invite.ics":
        yield "the file has no name"
    if {p["Content-Transfer-Encoding"] for p in (inline, attached)} != {"base64"}:
        yield "a calendar is not in base64"
    if inline.get_payload(decode=True) != attached.get_payload(decode=True):
        yield "the file is another calendar"
    yield from calendar_faults_of(inline.get_payload(decode=True), method=method)
