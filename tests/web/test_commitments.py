"""Promises at a browser, without scripts: made, agreed, kept, seen; and the board of them all."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import event

from shadowing.domain.people import Role
from shadowing.services.followup import keeping
from tests import makers
from tests.makers import Ward
from tests.visits import HOST_SIDE, OBSERVER_SIDE, PROMISE, Visit
from tests.web.test_find import signed_in


@pytest.fixture
def visit(work):
    visit = Visit(Ward(work))
    visit.happen()
    return visit


@pytest.fixture
def observer(app, visit):
    visit.talk()
    return signed_in(app, visit.work, visit.ward.observer)


@pytest.fixture
def host(app, visit, observer):
    assert observer
    return signed_in(app, visit.work, visit.ward.host, Role.HOST)


def row(number=0, **changes):
    return {f"row{number}-{name}": value for name, value in (PROMISE | changes).items()}


def new(visit):
    return f"/commitments/new/{visit.shift.id}"


def both(visit):
    return f"/reflections/{visit.shift.id}/both"


def make(visit, observer, **fields):
    observer.get(new(visit))
    return observer.post(new(visit), **({**row(), "made": "0", "q-phi_ok": "y"} | fields))


def page_of(visit, someone):
    link = someone.get(both(visit)).soup.select_one("a[href^='/commitments/']:not([href*=new])")
    return link["href"].partition("#")[0]


def test_promises_before_the_talk_are_refused_in_words(app, visit):
    """Rule F6."""
    observer = signed_in(app, visit.work, visit.ward.observer)

    assert "Record that you talked first." in observer.get(new(visit), status=409).words


def test_from_the_promise_to_the_closed_loop(visit, observer, host):
    """Section 6.5, rules F7 to F13: by links and forms alone, each found on the page before."""
    listed = observer.get("/reflections")
    path = listed.soup.select_one("a:-soup-contains('Make a promise')")["href"]
    observer.get(path)
    sent = observer.post(path, **row(), made="0", **{"q-phi_ok": "y"})
    assert PROMISE["action"] in observer.get(sent.location).words

    story = page_of(visit, host)
    assert "Are these words fine?" in host.get(story).words
    host.post(f"{story}/words", words="Say which elevator.")
    assert "The host suggests: “Say which elevator.”" in observer.get(story).words
    observer.post(f"{story}/words", words="Keep elevator B for beds at noon.")
    host.get(story)
    host.post(f"{story}/agree")
    observer.get(story)
    observer.post(f"{story}/update", state="in_progress", note="The vendor is slow.", due="Jun 1")
    assert "New date: Tue, Jun 1." in host.get(story).words
    observer.get(story)
    observer.post(f"{story}/update", state="done", note="In force since today.")
    assert "Have you seen what became of it?" in host.get(story).words
    host.post(f"{story}/seen")

    page = observer.get(story)
    assert "The host has seen it" in page.words
    assert "Before: “Keep one elevator for beds at noon.”" in page.words
    assert page.soup.select("main form") == []


def test_what_is_wrong_is_said_in_its_row_and_nothing_is_lost(visit, observer):
    """Rules F7, F8, L3."""
    first = row(0, action="", kind="redesign_by_team", due="2027-03-01")
    third = row(2, tell="Mrs. Pell knows.")

    observer.get(new(visit))
    page = observer.post(new(visit), status=422, **first, **third, made="0")

    said = page.errors()
    assert said["row0-action"] == "Enter what you will do."
    assert said["row0-team"] == "Enter which team redesigns it."
    assert said["row0-due"] == "Choose a day after today."
    assert said["row2-tell"].startswith("Take out what could identify")
    assert said["q-phi_ok"] == "Tick this before you send."
    assert page.soup.select_one("#row2-saw").get_text().strip() == PROMISE["saw"]
    opened = [part.has_attr("open") for part in page.soup.select("form details")]
    assert opened == [False, True]
    assert page.soup.select_one(".note mark").get_text() == "Mrs. Pell"


def test_a_reason_for_none_is_read_by_the_host(visit, observer, host):
    """Rule F7."""
    blank = dict.fromkeys(row(), "")
    observer.get(new(visit))
    empty = observer.post(new(visit), status=422, made="0", **blank, **{"q-phi_ok": "y"})
    assert "row0-action" in empty.errors()

    observer.post(
        new(visit), made="0", **blank, **{"q-phi_ok": "y", "q-nocommit": "I came to learn."}
    )

    assert "I came to learn." in host.get(both(visit)).words


def test_a_double_press_promises_once(visit, observer):
    sent = {**row(), "made": "0", "q-phi_ok": "y"}
    make(visit, observer)
    observer.get("/reflections")

    page = observer.post(new(visit), status=422, **sent)

    assert "Look again before you send" in page.words
    assert len(observer.get(both(visit)).soup.select("section.promise")) == 1


def test_an_update_says_what_is_missing(visit, observer):
    make(visit, observer)
    story = page_of(visit, observer)
    made = story.rpartition("/")[2]
    keeping.agree(visit.work, visit.ward.as_host(), commitment_id=UUID(made))
    observer.get(story)

    assert observer.post(f"{story}/update", status=422).errors() == {
        "state": "Choose how far it is."
    }
    nothing = observer.post(f"{story}/update", status=422, state="done")
    assert nothing.errors() == {"note": "Say in a sentence how it stands."}
    doubt = observer.post(f"{story}/update", status=422, state="done", note="Room 4 has it.")
    mark = doubt.soup.select_one("[name=fine-note]")["value"]
    observer.post(f"{story}/update", state="done", note="Room 4 has it.", **{"fine-note": mark})
    assert "Room 4 has it." in observer.get(story).words


def test_the_board_names_the_owner_and_never_the_host(app, visit, observer, host):
    """Rule F14: You saw, we will; no host name; a reader has nothing to press."""
    make(visit, observer)
    story = page_of(visit, host)
    host.post(f"{story}/agree")
    visit.send("observer", OBSERVER_SIDE)
    visit.send("host", HOST_SIDE)
    reader = signed_in(app, visit.work, visit.ward.another_observer())
    with visit.work.read() as tx:
        names = dict(
            tx.db.execute(
                makers.people.person.select().with_only_columns(
                    makers.people.person.c.id, makers.people.person.c.name
                )
            ).all(),
        )

    for path in ("/commitments", "/commitments?tab=all&state=in-time", story):
        page = reader.get(path)
        assert PROMISE["action"] in page.words
        assert names[visit.ward.observer] in page.words
        assert names[visit.ward.host] not in page.soup.main.get_text()
        assert page.soup.select("main form[method=post]") == []


def test_the_host_may_keep_it_between_the_two(app, visit, observer, host):
    """Rule F14."""
    make(visit, observer)
    story = page_of(visit, host)
    host.get(story)
    host.post(f"{story}/agree", between="y")
    visit.work.clock.now = visit.shift.ends_at + timedelta(days=8)
    reader = signed_in(app, visit.work, visit.ward.another_observer())

    assert PROMISE["action"] not in reader.get("/commitments").words
    assert reader.get(story, status=404).status == 404


def test_hr_sees_how_many_and_never_whose(app, visit, observer, host):
    """Section 8.1."""
    make(visit, observer)
    story = page_of(visit, host)
    hr = makers.person(visit.work, visit.ward.organization, roles=("hr",))
    page = (someone := signed_in(app, visit.work, hr, Role.HR)).get("/commitments")

    assert "HR sees how many, never whose." in page.words
    assert PROMISE["action"] not in page.words
    assert someone.get(story, status=404).status == 404


@pytest.mark.parametrize("move", ["agree", "words", "update", "seen"])
def test_a_promise_is_moved_by_nobody_else(app, visit, observer, move):
    """Rule P1: a foreign promise looks like none."""
    make(visit, observer)
    story = page_of(visit, observer)
    stranger = signed_in(app, visit.work, visit.ward.another_observer())
    colleague = signed_in(app, visit.work, visit.ward.another_host(), Role.HOST)

    for someone in (stranger, colleague):
        someone.get("/commitments")
        answer = someone.post(f"{story}/{move}", status=404, words="x", note="x", state="done")
        assert answer.status == 404


@pytest.mark.parametrize("query", ["tab=x", "state=%00", "page=-1", "page=9999999", "tab=unit"])
def test_the_board_takes_any_address(observer, query):
    assert observer.get(f"/commitments?{query}").status == 200


def test_the_board_asks_as_much_for_many_promises_as_for_one(visit, observer):
    """House rule 9: the same statements with one row and with many."""
    counted = []
    for made in range(3):
        make(visit, observer, made=str(made))
        asked = []
        listener = lambda *args, asked=asked: asked.append(args[2])  # noqa: E731
        event.listen(visit.work.engine, "before_cursor_execute", listener)
        observer.get("/commitments")
        event.remove(visit.work.engine, "before_cursor_execute", listener)
        counted.append(len(asked))

    assert counted[0] == counted[-1]


HOSTILE = ["\x00", "\ud800", "x" * 20_000, "<script>alert(1)</script>", "0001-01-01"]


@pytest.mark.parametrize("text", HOSTILE, ids=["nul", "half", "long", "markup", "early"])
def test_hostile_input_gets_a_sentence_and_never_a_fault(visit, observer, host, text):
    raw = text.encode("utf-8", "surrogatepass")
    fields = dict.fromkeys([*row(), *row(1), "q-nocommit", "made", "fine-commit.0.saw"], raw)
    observer.get(new(visit))
    page = observer.post(new(visit), status=422, **fields)
    assert "alert(1)</script>" not in page.text
    make(visit, observer)
    story = page_of(visit, host)
    host.get(story)
    for path in (f"{story}/words", f"{story}/update"):
        someone = host if path.endswith("words") else observer
        someone.get(story)
        sent = {"words": raw, "note": raw, "state": raw, "due": raw, "fine-words": raw}
        assert someone.post(path, status=None, **sent).status in {303, 422}


def test_words_that_cannot_be_sent_are_mended_on_the_page(visit, observer, host):
    make(visit, observer)
    story = page_of(visit, host)
    host.get(story)

    assert host.post(f"{story}/words", status=422, words="").errors() == {
        "words": "Enter the words you would like."
    }
    doubt = host.post(f"{story}/words", status=422, words="Ask Mrs. Pell.")
    assert doubt.soup.select_one(".note mark").get_text() == "Mrs. Pell"
    host.post(f"{story}/agree")
    host.get("/commitments")
    late = host.post(f"{story}/words", status=422, words="Other words.")
    assert "This has moved on" in late.words
    observer.get(story)
    host.get(story)
    observer.post(f"{story}/update", state="declined_with_reason", note="It waits for works.")
    host.get(story)
    host.post(f"{story}/seen")
    observer.get("/commitments")
    seen = observer.post(f"{story}/update", status=422, state="done", note="After all.")
    assert "This has moved on" in seen.words
    assert "Can’t change, and why" in observer.get("/commitments").words


def test_what_else_the_talk_asks_is_asked_and_kept(app, work):
    """T4: will you invite your host, into what, and when; a day as people write it."""
    visit = Visit(Ward(work), template="T4")
    visit.talk()
    observer = signed_in(app, work, visit.ward.observer)
    observer.get(new(visit))
    more = {"q-invite": "yes", "q-invite_what": "Bed plan", "q-phi_ok": "y"}
    page = observer.post(
        new(visit), status=422, **row(), made="0", **more, **{"q-invite_when": "x"}
    )
    assert list(page.errors()) == ["q-invite_when"]
    missing = observer.post(new(visit), status=422, **row(), made="0", **more)
    assert missing.errors() == {"q-invite_when": "Answer: When?"}

    observer.post(new(visit), **row(), made="0", **more, **{"q-invite_when": "Apr 12"})

    assert visit.desk("observer").typed["invite_when"] == "2027-04-12"
    page = observer.get(new(visit))
    assert page.soup.select_one("#q-invite_when")["value"] == "2027-04-12"


def test_one_day_late_is_said_and_a_reader_sees_no_haggling(app, visit, observer, host):
    """Rules F11, F14."""
    make(visit, observer)
    story = page_of(visit, host)
    host.get(story)
    host.post(f"{story}/words", words="Say which elevator.")
    host.get(story)
    host.post(f"{story}/agree")
    visit.work.clock.now = visit.shift.ends_at + timedelta(days=41)
    reader = signed_in(app, visit.work, visit.ward.another_observer())

    page = reader.get(story)

    assert "1 day late" in page.words
    assert "Say which elevator." not in page.words
