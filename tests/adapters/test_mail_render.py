"""Letters: every kind, with all facts and with the fewest, in words a colleague would use."""

import re
from dataclasses import fields, replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from jinja2 import UndefinedError

from shadowing.adapters.mail.render import KINDS, Facts, News, OtherTime, open_letters, write
from shadowing.adapters.plain_text import one_line
from tests.adapters.test_ical import HOSTILE

LETTERS = open_letters(Path(__file__).parents[2] / "templates", brand="Shadowing")
OTHERS = (
    OtherTime(
        day="Thu, Mar 11", times="7:15 – 11:00 pm", url="https://h.example/a", who="Ada Lowry, RN"
    ),
    OtherTime(day="Fri, Mar 12", times="7:00 am – noon", url="https://h.example/b"),
)
FULL = Facts(
    recipient_name="Rosalind Achterberg, RN",
    organization="Cedar Hollow Medical Center",
    other_name="Nadia Ferrowby",
    other_role="Chief Operating Officer",
    host_name="Ada Lowry",
    changed="The time has changed.",
    unit="4 West Medical-Surgical",
    day_long="Wednesday, March 10",
    day_short="Wed, Mar 10",
    times="7:15 – 11:00 pm",
    zone_words="Central Standard Time (UTC−6)",
    clock_change="Clocks go forward at 2:00 am",
    own_times="8:15 pm – midnight Eastern Time",
    length="3 hours 45 minutes",
    meeting_point="Nurses’ station, 4th floor",
    unit_phone="(555) 010-4400",
    attire="Scrubs, with your pass worn",
    bring="Your badge",
    parking="Garage B",
    note="A board meeting was moved.",
    before="Tue, Mar 9, 7:15 – 11:00 pm",
    goal="See what the first hours of a night look like.",
    promise_record="Kept 5 of 6 promises after earlier shifts.",
    load="This would be your 2nd of 2 in March.",
    answer_by="Friday, March 5, 6:00 pm",
    deadline="Mon, Mar 8, 6:45 am",
    at="7:12 pm",
    stayed="7:12 – 10:40 pm",
    purpose="Those who decide about your work see it first.",
    why="You come to see the work.",
    rules=("Watch, and touch nothing.",),
    ask_note="Ask when it is quiet.",
    questions=("What slows you down?",),
    acts=("Thank somebody by name.",),
    leave_with=("one thing you did not know",),
    consent="Your host asks each patient while you wait outside.",
    moved_to="Tuesday, March 16, 7:15 – 11:00 pm",
    news=(News(text="Your host said yes", url="https://h.example/shifts/4821"),),
    debrief_day="Thursday, March 11",
    debrief_times="3:00 – 3:30 pm",
    alternatives=OTHERS,
    url="https://h.example/shifts/4821",
    yes_url="https://h.example/requests/4821/yes",
    hours_url="https://h.example/requests/4821/hours",
    no_url="https://h.example/requests/4821/no",
)
MISSING = ("Confidentiality agreement", "Flu vaccination")
ASK_A_HOST = {"request-received", "request-lapsing", "move-asked", "swap-asked"}
TELL_WHAT_IS_MISSING = {kind for kind, needed in KINDS.items() if "missing" in needed}
WHEN = {"invitation", "cancelled", "request-received", "not-available", "waiting-for-clearance"}
BARRED = (
    r"(?i)\b(please|successful\w*|submit\w*|invalid|observers?|resources?|action items?|oops)\b"
)


def all_facts(kind):
    """Tell all there is; what is missing, only where it is told."""
    return replace(FULL, missing=MISSING) if kind in TELL_WHAT_IS_MISSING else FULL


def the_fewest(kind):
    """Keep only the facts this kind cannot do without."""
    told = {f.name: getattr(FULL, f.name) for f in fields(Facts) if f.name in KINDS[kind]}
    told |= {"missing": MISSING} if kind in TELL_WHAT_IS_MISSING else {}
    return Facts(recipient_name="Ada Lowry", organization="Cedar Hollow", **told)


class Words(HTMLParser):
    """Collects the words, the links and the tags of a page."""

    def __init__(self, html):
        super().__init__()
        self.words, self.links, self.tags, self.open = [], [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        """Keep a tag, and where it leads."""
        self.tags.append((tag, dict(attrs)))
        self.links += [value for name, value in attrs if name in {"href", "src", "action"}]
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        """See that what ends was open."""
        if self.open.pop() != tag:
            self.open.append("mess")

    def handle_data(self, data):
        """Keep the words outside the style sheet."""
        if self.open[-1:] != ["style"]:
            self.words.append(data)

    @property
    def text(self):
        """Give all words as one line."""
        return " ".join("".join(self.words).split())


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("amount", ["all facts", "the fewest"])
def test_every_letter_is_whole(kind, amount):
    letter = write(LETTERS, kind, all_facts(kind) if amount == "all facts" else the_fewest(kind))
    page = Words(letter.html)

    assert page.open == []
    assert letter.subject == one_line(letter.subject) != ""
    assert letter.text.startswith("Hello ")
    assert "Hello " in page.text
    assert "no patient information" in letter.text
    assert "no patient information" in page.text
    for text in (letter.subject, letter.text, page.text):
        assert not re.search(
            r"\{\{|\{%|None|[ ,][,.:]|\(\)|“”|  \S",
            text.replace("\n    ", "\n").replace("\n  ", "\n"),
        ), text
        assert not re.search(BARRED, text)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_text_and_html_lead_to_the_same_pages(kind):
    letter = write(
        LETTERS, kind, replace(all_facts(kind), **({"missing": MISSING} if "wait" in kind else {}))
    )

    assert set(re.findall(r"https://\S+", letter.text)) == set(Words(letter.html).links)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_letter_loads_nothing_and_watches_nobody(kind):
    page = Words(write(LETTERS, kind, all_facts(kind)).html)

    assert not {tag for tag, _ in page.tags} & {"img", "script", "link", "form", "input", "iframe"}
    assert "url(" not in write(LETTERS, kind, all_facts(kind)).html
    assert [attrs["lang"] for tag, attrs in page.tags if tag == "html"] == ["en-US"]
    assert [tag for tag, _ in page.tags].count("h1") == 1
    assert [tag for tag, _ in page.tags].count("title") == 1
    tables = [attrs for tag, attrs in page.tags if tag == "table"]
    assert {attrs["role"] for attrs in tables} == {"presentation"}
    assert max(int(a["width"]) for a in tables if a.get("width", "").isdigit()) == 600


@pytest.mark.parametrize("kind", sorted(WHEN))
def test_the_facts_of_the_shift_stand_in_both_parts(kind):
    letter = write(LETTERS, kind, FULL)

    for fact in ("day_long", "times", "zone_words", "unit", "clock_change", "own_times", "length"):
        assert getattr(FULL, fact) in letter.text
        assert getattr(FULL, fact) in Words(letter.html).text


def test_the_host_is_asked_who_when_why_and_that_no_answer_is_fine():
    letter = write(LETTERS, "request-received", FULL)

    assert letter.subject == "Can Nadia Ferrowby join you on Wednesday, March 10, 7:15 – 11:00 pm?"
    for text in (letter.text, Words(letter.html).text):
        assert "“See what the first hours of a night look like.”" in text
        assert "Kept 5 of 6 promises" in text
        assert "No need to answer to say no" in text
        assert "lapses on Friday, March 5, 6:00 pm" in text


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - ASK_A_HOST))
def test_a_goal_is_told_to_nobody_but_the_host_who_is_asked(kind):
    """Rule N3 keeps it out of calendars; no other letter needs it."""
    letter = write(LETTERS, kind, all_facts(kind))

    assert FULL.goal not in letter.text + letter.html


@pytest.mark.parametrize("kind", ["host-said-yes", "waiting-for-clearance", "not-available"])
def test_a_blind_slot_keeps_its_name_until_it_is_confirmed(kind):
    """Rules A10 and N3: a name that is not told cannot stand in the letter."""
    blind = replace(FULL, other_name="", other_role="", host_name="", alternatives=OTHERS[1:])

    letter = write(LETTERS, kind, blind)

    for name in ("Nadia", "Ferrowby", "Ada", "Lowry", "Chief"):
        assert name not in letter.subject + letter.text + letter.html


def test_only_the_visitor_reads_what_is_missing_and_everybody_when_it_is_released():
    """Rules C5 and C6."""
    visitor = write(LETTERS, "waiting-for-clearance", replace(FULL, missing=MISSING))
    host = write(LETTERS, "waiting-for-clearance", FULL)

    for item in MISSING:
        assert item in visitor.text
        assert item in Words(visitor.html).text
    assert "Finish by Mon, Mar 8, 6:45 am, or the shift is released." in visitor.text
    assert "waiting for clearance" in host.text
    assert "If it is not cleared by Mon, Mar 8, 6:45 am, it is released." in host.text
    assert not any(item in host.text + host.html for item in MISSING)


def test_no_reason_is_told_with_a_no():
    letter = write(LETTERS, "not-available", FULL)

    assert letter.subject.startswith("Not available: ")
    assert not re.search(r"declin|expired|lapsed|refus|cancel", letter.subject + letter.text)
    for other in OTHERS:
        assert f"{other.day}, {other.times}" in letter.text
        assert other.url in letter.text


def test_who_missed_the_deadline_is_told_what_was_missing():
    letter = write(LETTERS, "not-available", replace(FULL, missing=MISSING))

    assert "still missing" in letter.text
    assert "- Flu vaccination" in letter.text
    assert "still missing" in Words(letter.html).text


@pytest.mark.parametrize(
    ("said", "subject"),
    [
        ({}, "Updated: Shadow shift with Nadia Ferrowby, Wednesday, March 10, 7:15 – 11:00 pm"),
        ({"changed": "", "event": "debrief"},
         "Debrief with Nadia Ferrowby, Wednesday, March 10, 7:15 – 11:00 pm"),
        ({"changed": "", "other_name": ""},
         "Shadow shift, Wednesday, March 10, 7:15 – 11:00 pm"),
        ({"changed": "", "standing": "tentative", "day_long": "Sunday, May 2"},
         "Shadow shift with Nadia Ferrowby, Sunday, May 2, 7:15 – 11:00 pm (not confirmed yet)"),
    ],
)  # fmt: skip
def test_an_invitation_says_in_its_subject_what_it_is(said, subject):
    assert write(LETTERS, "invitation", replace(FULL, **said)).subject == subject


def test_a_hold_is_not_called_confirmed():
    letter = write(LETTERS, "invitation", replace(FULL, standing="tentative"))

    assert "held for now" in letter.text
    assert "is confirmed" not in letter.text + letter.html


@settings(max_examples=25)
@given(name=HOSTILE, goal=HOSTILE)
def test_what_people_type_stays_text(name, goal):
    facts = replace(FULL, other_name=f"N{name}", goal=f"G{goal}", unit="<script>alert(1)</script>")

    letter = write(LETTERS, "request-received", facts)
    page = Words(letter.html)

    assert page.open == []
    assert "script" not in {tag for tag, _ in page.tags}
    assert one_line(f"N{name}") in letter.subject
    assert f"“{one_line(f'G{goal}')}”" in letter.text
    assert f"“{one_line(f'G{goal}')}”" in page.text


def test_a_kind_that_lacks_a_fact_is_not_written():
    with pytest.raises(ValueError, match="invitation lacks day_long, url"):
        write(LETTERS, "invitation", replace(FULL, url=" ", day_long=""))


def test_a_kind_nobody_knows_is_not_written():
    with pytest.raises(KeyError, match="birthday"):
        write(LETTERS, "birthday", FULL)


@pytest.mark.parametrize(
    ("text", "error"), [("Hello {{ nme }}\n", UndefinedError), ("Hello\n", ValueError)]
)
def test_a_template_with_a_slip_is_not_sent(tmp_path, text, error):
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "sign-in-link.txt").write_text(text)

    with pytest.raises(error):
        write(open_letters(tmp_path, brand="Shadowing"), "sign-in-link", FULL)
