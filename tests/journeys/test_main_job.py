"""The whole main job, as four people do it, on the running product with its worker and real mail.

An administrator signs in, finds a shift and asks; the host and the unit say yes; both get their
invitations; they meet; both write and talk; a promise is made; HR sees the hours.
"""

import re

import pytest

from tests.adapters import strict_mail
from tests.journeys.people import NARROW, WIDE, Person, chromium
from tests.journeys.servers import Installation, wait_until
from tests.mailbox import Mailbox, event_in

pytestmark = pytest.mark.slow

PASSWORD = "four unrelated words"
RAJ = "raj.lindqvist-menon@example.org"
NADIA = "nadia.ferrowby@example.org"
MANAGER = "priyanka.oduya-marsh@example.org"

MONDAY_BEFORE = "2027-03-08T14:00:00Z"
AT_THE_DOOR = "2027-03-16T00:50:00Z"
AT_THE_END = "2027-03-16T03:58:00Z"
NEXT_MORNING = "2027-03-16T15:00:00Z"
DAY = "2027-03-15"


@pytest.fixture
def mailbox():
    """Run a mail server."""
    mailbox = Mailbox().up()
    yield mailbox
    mailbox.down()


@pytest.fixture
def place(database, mailbox, tmp_path):
    """Install the demo hospital, with its mail going to the mail server."""
    place = Installation(database, tmp_path, MAIL_URL=mailbox.url)
    today = MONDAY_BEFORE[:10]
    place.run("demo", "load", "--today", today, "--password", PASSWORD, at=MONDAY_BEFORE)
    yield place
    place.end()


class Day:
    """Four people at their browsers, on one day."""

    def __init__(self, browser, place, *, width, scripts):
        """Open a window for each."""
        self.nadia, self.raj, self.priyanka, self.bea = (
            Person(browser, width=width, scripts=scripts) for _ in range(4)
        )
        for person in (self.nadia, self.raj, self.priyanka, self.bea):
            person.base = place.base


def letters(mailbox, address, kind, *, count):
    """Wait for so many letters with a calendar part of a kind; gives their events by UID."""

    def found():
        events = [event_in(message) for message in mailbox.to(address)]
        return [event for event in events if event.get("METHOD") == kind]

    wait_until(lambda: len(found()) >= count, what=f"{address} got no {count} × {kind}")
    return {event["UID"]: event for event in found()}


def sign_in_by_link(person, mailbox):
    """Ask for a link by mail and follow it."""
    person.go("/sign-in").write("Work email", NADIA).press("Email me a sign-in link")
    link = re.compile(rf"{re.escape(person.base)}/sign-in/link/\S+")

    def mailed():
        texts = [message.get_body(("plain",)).get_content() for message in mailbox.to(NADIA)]
        return [found[0] for text in texts for found in [link.search(text)] if found]

    wait_until(mailed, what="no sign-in link came")
    person.go(mailed()[-1]).press("Sign in").reads("Nadia")


def sign_in_by_password(person):
    """Sign in with address and password."""
    person.go("/sign-in").write("Work email", RAJ).write("Password", PASSWORD).press("^Sign in$")


def opens_hours(raj):
    """The host moves this Monday's hours by half an hour, on this day alone."""
    raj.press("Availability").go(f"/availability?week={DAY}&shift={DAY}-N12-1930")
    section = raj.tab.locator("#edit")
    section.get_by_label("From", exact=True).select_option(label="8:00 pm")
    section.get_by_label("To", exact=True).select_option(label="11:00 pm")
    raj.choose("Only this", within=section)
    raj.press("^Save$").reads("8:00 – 11:00 pm")


def asks(nadia):
    """The administrator finds that shift and asks for it with a goal; six presses at most."""
    nadia.press("Find a shift").go(f"/shifts?day={DAY}&role=rn_ms")
    card = nadia.tab.get_by_role("listitem").filter(has_text="Raj Lindqvist-Menon").first
    nadia.press("Ask", within=card)
    nadia.press("Continue").reads("There is a problem")
    nadia.write("What do you want to understand", "See how a night begins.").press("Continue")
    nadia.choose("all of this").press("^Ask for this shift").reads("Asked")
    return nadia.tab.url.partition("?")[0]


def is_agreed(day, mailbox, shift):
    """Host and unit say yes; both get firm invitations to the shift and its debrief."""
    held = letters(mailbox, RAJ, "REQUEST", count=1)
    assert [event["STATUS"] for event in held.values()] == ["TENTATIVE"]
    day.raj.press("Requests").reads("See how a night begins").press("^Accept")
    day.priyanka.enter_as("Unit manager").press("Requests").press("^Approve")
    day.nadia.go(shift).reads("Confirmed")
    mine = letters(mailbox, NADIA, "REQUEST", count=2)
    theirs = letters(mailbox, RAJ, "REQUEST", count=3)
    assert {event["STATUS"] for event in (*mine.values(), *theirs.values())} == {"CONFIRMED"}
    assert {event["DTSTART"] for event in mine.values()} == {
        "20270316T010000Z",
        "20270316T140000Z",
    }
    assert mine.keys().isdisjoint(theirs), "each their own event"
    assert set(held) < set(theirs), "the hold became the event: one UID for life"


def takes_place(browser, place, *, width, scripts, shift):
    """They meet, and part after three hours."""
    place.serve(at=AT_THE_DOOR)
    day = Day(browser, place, width=width, scripts=scripts)
    sign_in_by_password(day.raj)
    day.raj.go(shift)
    day.raj.press("[Cc]heck.*in").reads("There is a problem")
    day.priyanka.enter_as("Unit manager").go(shift)
    day.priyanka.choose("Illness screen").press("^Keep$")
    day.raj.go(shift)
    day.raj.choose("well").press("[Cc]heck.*in").reads("Happening now")
    place.serve(at=AT_THE_END)
    day = Day(browser, place, width=width, scripts=scripts)
    day.nadia.enter_as("Administrator").go(shift).press("[Cc]heck.*out").reads("You checked out")


def writes(person, shift, answers):
    """Open one's own side from the shift, fill it in, and send it."""
    person.go(f"/reflections/{shift.rpartition('/')[2]}")
    for kind, label, value in answers:
        group = person.tab.get_by_role("group", name=re.compile(label))
        if kind == "text":
            person.write(label, value)
        else:
            person.choose(value, within=group)
    person.choose("Nothing here could point")
    person.press("^Send")


NADIAS_SIDE = (
    ("one", "How well do you understand", "^4"),
    ("text", "What did most of the time", "Looking for a free pump."),
    ("one", "How often did something", "1–3"),
    ("one", "What stopped it", "Supplies"),
    ("text", "What went against", "I thought nights were calm."),
    ("text", "easier, in their view", "One pump room for two units."),
)
RAJS_SIDE = (
    ("one", "Effect on your shift", "None"),
    ("one", "treated as the expert", "^5"),
    ("text", "most want understood", "How often we are called away."),
    ("one", "Host again", "Same person"),
)


def is_written_about(day, shift):
    """Both write, sealed until both are in; they talk; a promise is made and agreed."""
    number = shift.rpartition("/")[2]
    day.nadia.enter_as("Administrator")
    sign_in_by_password(day.raj)
    writes(day.nadia, shift, NADIAS_SIDE)
    day.nadia.go(f"/reflections/{number}/both")
    day.raj.go(f"/reflections/{number}/both")
    assert "One pump room" not in day.raj.tab.content(), "sealed until both are in (L4)"
    writes(day.raj, shift, RAJS_SIDE)
    day.raj.go(f"/reflections/{number}/both").reads("One pump room for two units")
    assert "free pump" not in day.raj.tab.content(), "what is the author's alone stays so (P)"
    day.raj.go(shift).press("We have talked")
    promises(day.nadia, number)
    day.raj.go("/commitments").reads("pump room")
    day.raj.press("Agree the words").press("These words are fine").reads("Agreed")


def promises(nadia, number):
    """The observer makes one promise."""
    nadia.go(f"/commitments/new/{number}")
    nadia.press("^Send to Raj").reads("There is a problem")
    nadia.write("What did", "There is one pump for two units.")
    nadia.write("What will you do", "Open one pump room for 5 East and 6 South.")
    nadia.choose("I remove an obstacle")
    nadia.write("By when", "2027-04-30")
    nadia.write("How will your host know", "I write to you here.")
    nadia.choose("Nothing here could point").press("^Send to Raj")
    assert "/commitments/new" not in nadia.tab.url, nadia.tab.locator("main").inner_text()


def hr_sees_the_hours(bea):
    """HR finds both records, and takes them as a file; not a word of what was written."""
    bea.enter_as("HR").press("Participation").write("Name", "Nadia").press("Apply")
    bea.reads("5 East Oncology")
    with bea.tab.expect_download() as download:
        bea.tab.get_by_role("link", name=re.compile("Download")).click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert '"Nadia Ferrowby","observer","2027-03-15",18' in text
    assert "pump" not in text + bea.tab.content()
    assert "Raj" not in text, "no pairing for HR (8.1)"


def is_cancelled(nadia, mailbox):
    """A second shift is booked in one press and cancelled; gives what calendars hold of it."""
    before = set(letters(mailbox, NADIA, "REQUEST", count=0))
    nadia.go("/shifts?day=2027-03-22&role=rn_ms")
    card = nadia.tab.get_by_role("listitem").filter(has_text="Amara Belrose").first
    nadia.press("Book", within=card)
    nadia.write("What do you want to understand", "See a morning on the ward.").press("Continue")
    nadia.choose("all of this").press("^Book this shift").reads("Confirmed")
    invited = letters(mailbox, NADIA, "REQUEST", count=len(before) + 2)
    nadia.press("Cancel").press("^Cancel shift").reads("[Uu]ndo")
    return {uid: event for uid, event in invited.items() if uid not in before}


def is_told(mailbox, invited):
    """When it can't be undone any more calendars are told: CANCEL, same UID, higher SEQUENCE."""
    wait_until(
        lambda: invited.keys() <= letters(mailbox, NADIA, "CANCEL", count=0).keys(),
        what="calendars were not told of both the shift and the talk",
    )
    cancelled = letters(mailbox, NADIA, "CANCEL", count=len(invited))
    assert {event["STATUS"] for event in cancelled.values()} == {"CANCELLED"}
    for uid, event in invited.items():
        assert int(cancelled[uid]["SEQUENCE"]) > int(event["SEQUENCE"])


@pytest.mark.parametrize(
    ("width", "scripts"),
    [(WIDE, "on"), (NARROW, "on"), (NARROW, "off")],
    ids=["wide", "narrow", "no-scripts"],
)
def test_four_people_do_the_whole_main_job(place, mailbox, width, scripts):
    with chromium() as browser:
        place.serve(at=MONDAY_BEFORE)
        day = Day(browser, place, width=width, scripts=scripts)
        sign_in_by_link(day.nadia, mailbox)
        sign_in_by_password(day.raj)
        opens_hours(day.raj)
        shift = asks(day.nadia)
        is_agreed(day, mailbox, shift)
        cancelled = is_cancelled(day.nadia, mailbox)
        takes_place(browser, place, width=width, scripts=scripts, shift=shift)
        place.serve(at=NEXT_MORNING)
        is_told(mailbox, cancelled)
        day = Day(browser, place, width=width, scripts=scripts)
        is_written_about(day, shift)
        hr_sees_the_hours(day.bea)

    for envelope in mailbox.desk.taken:
        assert strict_mail.faults_of(envelope.content) == []
