"""No input can cause a 500 (S8): every field of every form of signing in and of the account."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shadowing.adapters.credentials import hash_password
from tests import makers
from tests.web.visits import Visitor

PASSWORD = "purple stairs hum softly"
KEPT = hash_password(PASSWORD)
HOSTILE = (
    "",
    " ",
    "x" * 10_000,
    "🏥" * 300,
    "\u202eevil",
    "a\x00b",
    "a\x1bb",
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "{{ 7*7 }}",
    "99999999999999999999999999",
    "-1",
    "1e400",
    "NaN",
    "2027-02-30",
    "\r\nSet-Cookie: a=b",
    "../../etc/passwd",
    "%00%ff",
    "ſİı",
)
FORMS = {
    "/sign-in": ("email", "password", "next"),
    "/sign-in/link": ("email", "next"),
    "/sign-in/as": ("role", "next"),
    "/account/role": ("role",),
    "/account/theme": ("theme", "next"),
    "/account/messages": ("pace", "channel"),
    "/account/password": ("current", "new"),
    "/account/sessions/end": ("session",),
}
FIELDS = [(path, field) for path, fields in FORMS.items() for field in fields]


@pytest.fixture
def visitor(app, work):
    hospital = makers.organization(work)
    makers.person(work, hospital, email="ada@example.org", password_hash=KEPT)
    visitor = Visitor(app)
    visitor.get("/sign-in")
    return visitor


def signed_in(visitor):
    visitor.post("/sign-in", email="ada@example.org", password=PASSWORD)
    visitor.get("/account")
    return visitor


@pytest.mark.parametrize(("path", "field"), FIELDS)
def test_whatever_stands_in_a_field_gets_a_sentence(visitor, path, field):
    if path.startswith("/account"):
        signed_in(visitor)
    for text in HOSTILE:
        page = visitor.post(path, status=None, **{field: text})

        assert page.status < 500
        assert "<script>alert" not in page.text
        assert "49" not in page.words.partition("There is a problem")[2][:40]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"email": 1}', "application/json"),
        (b"[1]", "application/json"),
        (b"null", "application/json"),
        (b"{", "application/json"),
        (b"<a/>", "text/xml"),
        (b"\xff\xfe\x00", "application/octet-stream"),
        (b"email=%ff%fe&email=2&=3&&&", "application/x-www-form-urlencoded"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data"),
        (b"a=b", "nonsense"),
    ],
)
@pytest.mark.parametrize("path", FORMS)
def test_another_kind_of_body_is_refused(visitor, path, body, kind):
    token = {"X-CSRFToken": visitor.token()}

    page = visitor.send(path, status=None, data=body, content_type=kind, headers=token)

    assert page.status < 500


@pytest.mark.parametrize(
    "path",
    ["/sign-out", "/account/feed", "/account/feed/end", "/account/sessions/end-others", *FORMS],
)
def test_nothing_changes_without_the_token_of_the_page(visitor, path):
    signed_in(visitor)

    visitor.send(path, status=400, data={"email": "ada@example.org", "theme": "dark"})
    visitor.send(path, status=400, data={"csrf_token": "forged"})
    visitor.get(path, status=405 if path != "/sign-in" else 303)

    assert visitor.get("/account").status == 200


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.text(max_size=60))
def test_no_address_breaks_anything(visitor, path):
    page = visitor.get(f"/{path}", status=None)

    assert page.status < 500
