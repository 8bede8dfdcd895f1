"""House rule 10: every mail template has one line of subject, a text part and an HTML part."""

import re
from dataclasses import fields

import pytest

from shadowing.adapters.mail.render import KINDS, Facts, News, OtherTime, open_letters, write
from tests.house.sources import ROOT

MAILS = ROOT / "templates" / "mail"
KIND = sorted(KINDS)
WORDS = ("recipient_name", "organization")
LINKS = ("url", "yes_url", "hours_url", "no_url")


def faults(text):
    """Say what is wrong with the text of one mail template."""
    lines = text.splitlines()
    if not (lines and lines[0].startswith("Subject: ")):
        yield "does not begin with its subject"
    if sum(line.startswith("Subject:") for line in lines) > 1:
        yield "has more than one subject"
    if not any(line.strip() for line in lines[1:]):
        yield "says nothing"


def needed(kind):
    """Give the facts a kind cannot do without, each a word; of those it lists, a list of one."""
    here = "https://here.example/page"
    lists = {
        "news": (News(text="the news", url=here),),
        "alternatives": (OtherTime(day="the day", times="the times", url=here),),
    }
    return {
        field.name: lists.get(field.name, (f"the {field.name}",))
        if field.default == ()
        else f"the {field.name}"
        for field in fields(Facts)
        if field.name in KINDS[kind]
    }


def written(kind, **more):
    """Write a letter of a kind with no more than it needs."""
    facts = Facts(**(dict.fromkeys(WORDS, "Somebody") | needed(kind) | more))
    return write(open_letters(ROOT / "templates", brand="Shadowing"), kind, facts)


def test_every_kind_has_its_two_templates_and_no_template_is_left_over():
    assert {file.name for file in MAILS.iterdir() if file.is_file()} == {
        f"{kind}.{part}" for kind in KIND for part in ("txt", "html")
    }


@pytest.mark.parametrize("kind", KIND)
def test_a_template_has_one_subject_and_a_text(kind):
    assert list(faults((MAILS / f"{kind}.txt").read_text("utf-8"))) == []


@pytest.mark.parametrize("kind", KIND)
def test_a_letter_needs_no_more_than_it_asks_for(kind):
    told = needed(kind)

    letter = written(kind)

    assert "\n" not in letter.subject
    for link in (words for name, words in told.items() if name.endswith("url")):
        assert link in letter.text
        assert link in letter.html
    assert "Shadowing" in letter.text


@pytest.mark.parametrize("kind", KIND)
def test_a_letter_loads_nothing_and_is_dressed_for_the_dark(kind):
    """No image, no script, nothing fetched, nobody followed; readable in dark mode."""
    html = written(kind, **dict.fromkeys(LINKS, "https://here.example/page")).html

    assert re.findall(r"<(img|script|link|iframe|object|form)\b|url\(|@import", html) == []
    assert set(re.findall(r"https?://[^\s\"'<]+", html)) <= {
        "https://here.example/page",
        "http://www.w3.org/1999/xhtml",
    }
    assert "prefers-color-scheme: dark" in html
    for told in re.findall(r"<(?:p|h1|td|a)\b[^>]*\bcolor:#[0-9a-f]{6}[^>]*>", html):
        assert re.search(r'class="[^"]*\b(ink2?|link|primary|second)\b', told) or "band" in html


@pytest.mark.parametrize("kind", KIND)
def test_a_letter_has_one_heading_and_its_own_words_for_the_list(kind):
    html = written(kind).html

    assert len(re.findall(r"<h1\b", html)) == 1
    preview = html.partition('mso-hide:all;">')[2].partition("</div>")[0]
    assert preview.strip()


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
