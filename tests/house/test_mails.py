"""House rule 10: every mail template has one line of subject, a text part and an HTML part."""

from dataclasses import fields

import pytest

from shadowing.adapters.mail.render import KINDS, Facts, open_letters, write
from tests.house.sources import ROOT

MAILS = ROOT / "templates" / "mail"
KIND = sorted(KINDS)
WORDS = ("recipient_name", "organization")


def faults(text):
    """Say what is wrong with the text of one mail template."""
    lines = text.splitlines()
    if not (lines and lines[0].startswith("Subject: ")):
        yield "does not begin with its subject"
    if sum(line.startswith("Subject:") for line in lines) > 1:
        yield "has more than one subject"
    if not any(line.strip() for line in lines[1:]):
        yield "says nothing"


def test_every_kind_has_its_two_templates_and_no_template_is_left_over():
    assert {file.name for file in MAILS.iterdir() if file.is_file()} == {
        f"{kind}.{part}" for kind in KIND for part in ("txt", "html")
    }


@pytest.mark.parametrize("kind", KIND)
def test_a_template_has_one_subject_and_a_text(kind):
    assert list(faults((MAILS / f"{kind}.txt").read_text("utf-8"))) == []


@pytest.mark.parametrize("kind", KIND)
def test_a_letter_needs_no_more_than_it_asks_for(kind):
    told = {field.name: f"the {field.name}" for field in fields(Facts) if field.name in KINDS[kind]}
    facts = Facts(**dict.fromkeys(WORDS, "Somebody"), **told)

    letter = write(open_letters(ROOT / "templates", brand="Shadowing"), kind, facts)

    assert "\n" not in letter.subject
    for link in (words for name, words in told.items() if name.endswith("url")):
        assert link in letter.text
        assert link in letter.html
    assert "Shadowing" in letter.text


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Hello", "does not begin with its subject"),
        ("Subject: One\nSubject: Two\nHello", "has more than one subject"),
        ("Subject: One\n\n", "says nothing"),
    ],
)
def test_a_template_that_is_wrong_is_found(text, fault):
    assert fault in list(faults(text))
