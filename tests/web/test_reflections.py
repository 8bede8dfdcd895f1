"""Writing one's side at a browser, without scripts; and that nobody else gets near it."""

import json

import pytest

from shadowing.domain.people import Role
from shadowing.store.tables import followup
from tests import makers
from tests.makers import Ward
from tests.visits import HOST_SIDE, OBSERVER_SIDE, T2_SIDE, Visit
from tests.web.test_find import signed_in


@pytest.fixture
def visit(work):
    return Visit(Ward(work))


def browser(app, visit, who):
    person_id = visit.ward.observer if who == "observer" else visit.ward.host
    return signed_in(app, visit.work, person_id, Role.OBSERVER if who == "observer" else Role.HOST)


def typed(side, **more):
    """Name answers as the form does."""
    return {f"q-{key}": value for key, value in ({**side} | more).items()}


def at(visit, rest=""):
    return f"/reflections/{visit.shift.id}{rest}"


def test_both_write_and_read_each_other(app, visit):
    """L4, main job item 7: from the list to both sides, by links and forms alone."""
    visit.happen()
    observer, host = browser(app, visit, "observer"), browser(app, visit, "host")
    listed = observer.get("/reflections")
    path = listed.soup.select_one("a:-soup-contains('Write your side')")["href"]
    page = observer.get(path)
    assert "Only you read this" in page.words
    assert "once both sides are in" in page.words
    assert "Write what you learned, not the case." in page.words
    sent = observer.post(path, **typed(OBSERVER_SIDE))
    assert "Sealed for now" in observer.get(sent.location).words
    host.get(at(visit))
    host.post(at(visit), **typed(HOST_SIDE), **{"share-under": "y"})

    for someone in (observer, host):
        page = someone.get(at(visit, "/both"))
        assert "Both sides are in" in page.words
        assert "Fewer forms at the start." in page.words
        assert "How often the phone rings." in page.words
        assert "Waiting for an elevator." not in page.words


def test_what_is_wrong_is_said_at_each_question_and_nothing_typed_is_lost(app, visit):
    visit.happen()
    observer = browser(app, visit, "observer")
    observer.get(at(visit))
    half = {"q-time": "Mrs. Pell waited.", "q-stops": "n4_10", "q-contra": "x" * 601}

    page = observer.post(at(visit), status=422, **half)

    assert page.soup.title.get_text().startswith("Error: ")
    assert page.errors()["q-time"].startswith("Take out what could identify")
    assert page.errors()["q-contra"] == "Shorten this to 600 characters. It has 601."
    assert page.errors()["q-causes"] == "Choose an answer: What stopped it?"
    assert page.errors()["q-phi_ok"] == "Tick this before you send."
    summary = page.soup.select_one(".error-summary").get_text(" ")
    assert all(said in summary for said in page.errors().values())
    targets = [link["href"][1:] for link in page.soup.select(".error-summary a")]
    assert all(page.soup.find(id=target) for target in targets)
    assert page.soup.select_one("#q-time").get_text().strip() == "Mrs. Pell waited."
    assert page.soup.select_one("[name=q-stops][value=n4_10]").has_attr("checked")
    assert page.soup.select_one(".note mark").get_text() == "Mrs. Pell"


def test_what_is_not_about_a_patient_can_be_ticked(app, visit):
    """Rule L3."""
    visit.happen()
    observer = browser(app, visit, "observer")
    observer.get(at(visit))
    side = typed(OBSERVER_SIDE, time="The cart stands in room 4.")
    doubt = observer.post(at(visit), status=422, **side).soup.select_one("[name=fine-time]")

    sent = observer.post(at(visit), **side, **{"fine-time": doubt["value"]})

    assert sent.location == at(visit, "/both")


def test_a_draft_is_saved_while_one_writes_and_survives_signing_out(app, visit):
    """Rule L7."""
    visit.happen()
    observer = browser(app, visit, "observer")
    observer.get(at(visit))
    token = observer.token()
    half = {"q-time": "Looking for a phone.", "q-stops": "n0", "csrf_token": token}

    saved = observer.send(at(visit, "/draft"), status=200, data=half)

    assert json.loads(saved.text) == {"saved": "Saved 1:00 pm"}
    again = browser(app, visit, "observer").get(at(visit))
    assert again.soup.select_one("#q-time").get_text().strip() == "Looking for a phone."
    assert "In progress. 2 of 5 answered" in again.words
    assert again.soup.select_one("form[data-autosave]")["data-autosave"] == at(visit, "/draft")


def test_save_and_leave_needs_no_script(app, visit):
    visit.happen()
    host = browser(app, visit, "host")
    host.get(at(visit))

    left = host.post(at(visit), **{"q-under": "The phone.", "do": "leave"})

    assert left.location == "/reflections"
    assert "Go on writing" in host.get("/reflections").words
    assert host.get(at(visit)).soup.select_one("#q-under").get_text().strip() == "The phone."


def test_before_the_shift_one_says_what_one_expects_and_sees_it_again(app, visit):
    """Rule L6."""
    visit.confirm()
    observer = browser(app, visit, "observer")
    assert "Say what you expect" in observer.get("/reflections").words
    observer.get(at(visit))
    observer.post(at(visit), **{"q-expect": "The phones.", "q-know_pre": "2"})
    visit.happen()

    page = browser(app, visit, "observer").get(at(visit))

    assert "What you wrote before" in page.words
    assert "The phones." in page.words
    assert page.soup.select_one("#q-expect") is None


@pytest.mark.parametrize("template", ["T1", "T2", "T3", "T4"])
def test_every_template_can_be_shown_and_refuses_in_words(app, work, template):
    """The engine asks what the template asks, on both sides."""
    visit = Visit(Ward(work), template=template)
    visit.happen()
    for who in ("observer", "host"):
        someone = browser(app, visit, who)
        page = someone.get(at(visit))
        asked = [field for field in visit.desk(who).asked if field.kind != "tick"]
        assert all(field.prompt in page.words for field in asked)
        assert someone.post(at(visit), status=422).errors()


def test_points_are_shared_out_and_compared(app, work):
    """Rules L4, S2.2."""
    visit = Visit(Ward(work), template="T2")
    visit.happen()
    observer, host = browser(app, visit, "observer"), browser(app, visit, "host")
    observer.get(at(visit))
    names = ("steps", "solving", "learning")
    few = {f"q-frame--{name}": "3" for name in names}
    page = observer.post(at(visit), status=422, **typed(T2_SIDE), **few)
    assert page.errors()["q-frame--steps"].startswith("Share out 10 points")
    split = dict(zip((f"q-frame--{name}" for name in names), ("7", "2", "1"), strict=True))
    observer.post(at(visit), **typed(T2_SIDE), **split)
    host.get(at(visit))
    split = dict(zip((f"q-frame_host--{name}" for name in names), ("2", "7", "1"), strict=True))
    host.post(at(visit), **typed(HOST_SIDE), **split)

    page = host.get(at(visit, "/both"))

    assert "Furthest apart" in page.words
    assert "Start here." in page.words
    assert observer.get(at(visit)).soup.select_one("[name^=q-frame--]") is None


def test_deleting_asks_once_and_removes_the_words(app, visit):
    """Rule L5."""
    visit.happen()
    visit.send("observer", OBSERVER_SIDE)
    visit.send("host", HOST_SIDE)
    observer = browser(app, visit, "observer")
    asked = observer.get(at(visit, "/delete"))
    assert "This cannot be undone" in asked.words

    observer.post(at(visit, "/delete"))

    assert "Fewer forms" not in observer.get(at(visit, "/both")).words
    assert "You deleted your side" in observer.get(at(visit)).words
    assert observer.get(at(visit, "/delete"), status=404).status == 404


def test_the_address_with_ones_own_reflections_id_leads_to_it(app, visit):
    """CONTRACTS 5: /reflections/<id>."""
    visit.happen()
    visit.send("observer", OBSERVER_SIDE)
    with visit.work.read() as tx:
        found = tx.db.execute(followup.reflection.select()).one().id
    observer, host = browser(app, visit, "observer"), browser(app, visit, "host")

    assert observer.get(f"/reflections/{found}", status=303).location == at(visit)
    assert host.get(f"/reflections/{found}", status=303).location == at(visit)
    assert host.get(f"/reflections/{visit.ward.host}", status=404).status == 404


READERS = [
    ("manager", Role.UNIT_MANAGER),
    ("coordinator", Role.COORDINATOR),
    ("hr", Role.HR),
    ("colleague", Role.HOST),
    ("peer", Role.OBSERVER),
]


@pytest.mark.parametrize(("who", "role"), READERS)
def test_no_address_shows_a_word_of_it_to_anybody_else(app, visit, who, role):
    """Rules P1, P4, section 8.1; main job item 8: HR, unit, coordinator, colleagues."""
    ward = visit.ward
    visit.talk()
    visit.send("observer", {**OBSERVER_SIDE, "heard": "SECRETHEARD"})
    visit.send("host", {**HOST_SIDE, "under": "SECRETUNDER"}, releases=frozenset({"under"}))
    people = {
        "manager": ward.manager,
        "coordinator": ward.coordinator,
        "hr": makers.person(visit.work, ward.organization, roles=("hr",)),
        "colleague": ward.another_host(),
        "peer": ward.another_observer(),
    }
    someone = signed_in(app, visit.work, people[who], role)
    shift = visit.shift.id
    for path in (at(visit), at(visit, "/both"), at(visit, "/delete"), f"/commitments/new/{shift}"):
        assert someone.get(path, status=404).status == 404
    for path in (at(visit), at(visit, "/draft"), at(visit, "/delete")):
        assert someone.post(path, status=404).status == 404
    for path in ("/", "/reflections", "/commitments", "/participation", f"/shifts/{shift}"):
        page = someone.get(path, status=None)
        assert "SECRET" not in page.text


HOSTILE = {
    "nul": "\x00",
    "half a letter": "\ud800",
    "long": "x" * 20_000,
    "markup": "<script>alert(1)</script>",
    "many digits": "9" * 400,
    "negative": "-1",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_input_gets_a_sentence_and_never_a_fault(app, visit, text):
    """No request can cause a 500; what is not refused is shown as text, never as markup."""
    visit.happen()
    for who in ("observer", "host"):
        someone = browser(app, visit, who)
        names = {
            field.get("name")
            for field in someone.get(at(visit)).soup.select("form#side [name]")
            if field.get("name") != "csrf_token"
        }
        token = someone.token()
        everything = dict.fromkeys(names, text.encode("utf-8", "surrogatepass"))
        fields = {**everything, "csrf_token": token, "fine-time": text.encode("utf-8", "replace")}

        page = someone.send(at(visit), status=422, data={**fields, "do": "send"})
        draft = someone.send(at(visit, "/draft"), status=200, data=fields)

        assert "alert(1)</script>" not in page.text
        assert draft.text.startswith("{")
        assert someone.get(at(visit)).status == 200


def test_a_form_that_is_closed_says_so(app, visit):
    """Section 6.7: what was sent is changed by sending, not by saving a draft."""
    visit.happen()
    observer = browser(app, visit, "observer")
    observer.get(at(visit))
    visit.send("observer", OBSERVER_SIDE)

    page = observer.send(
        at(visit, "/draft"), status=409, data={"csrf_token": observer.token(), "q-time": "More."}
    )

    assert "Look again" in page.words


def test_what_cannot_be_kept_holds_one_back_from_leaving(app, visit):
    """Nothing typed is lost: not even what no draft can hold."""
    visit.happen()
    observer = browser(app, visit, "observer")
    observer.get(at(visit))

    page = observer.post(at(visit), status=422, **{"q-mine_portfolio": "moon", "do": "leave"})

    assert page.errors() == {"q-mine_portfolio": "Choose one of these."}


def test_a_side_that_was_deleted_cannot_be_sent_again(app, visit):
    """Section 6.7: deleted is final."""
    visit.happen()
    visit.send("observer", OBSERVER_SIDE)
    observer = browser(app, visit, "observer")
    observer.get(at(visit, "/delete"))
    observer.post(at(visit, "/delete"))
    observer.get("/account")

    page = observer.post(at(visit), status=422, **typed(OBSERVER_SIDE))

    assert "This has moved on" in page.words


def test_a_change_of_a_side_is_sent_and_not_saved(app, visit):
    """Rule L5: until the shift is closed; and the other one is told by nobody twice."""
    visit.happen()
    visit.send("host", HOST_SIDE)
    observer = browser(app, visit, "observer")
    observer.get(at(visit))
    sent = observer.post(at(visit), **typed(OBSERVER_SIDE))
    assert "Both sides are open now" in observer.get(sent.location).words
    page = observer.get(at(visit))
    assert page.soup.select_one("form[data-autosave]") is None

    observer.post(at(visit), **typed(OBSERVER_SIDE, heard="One form less."))

    assert "One form less." in browser(app, visit, "host").get(at(visit, "/both")).words
    assert visit.told("both-sides-in").count(visit.ward.host) == 1


def test_what_rules_each_other_out_holds_one_back_from_leaving(app, work):
    """T3: "None seen" goes with nothing else; it is not dropped in silence."""
    visit = Visit(Ward(work), template="T3")
    visit.happen()
    observer = browser(app, visit, "observer")
    observer.get(at(visit))

    page = observer.post(
        at(visit), status=422, **{"q-generic": ["none", "evidence"], "do": "leave"}
    )

    assert page.errors() == {"q-generic": "Choose either “None seen” or the others."}
    ticked = page.soup.select("[name=q-generic][checked]")
    assert [box["value"] for box in ticked] == ["evidence", "none"]
