"""The forms behind a shift: any template, any version, and what its pickers pick from."""

import json

import pytest

from shadowing.domain.followup.problems import BadAnswers
from shadowing.services.followup import sheets
from shadowing.store.tables.followup import reflection, reflection_template
from tests import makers
from tests.makers import NOW, Ward
from tests.visits import HOST_SIDE, OBSERVER_SIDE, T2_SIDE, Visit

T4_SIDE = {
    "mover": "porter",
    "mover_text": "They found the bed.",
    "how": ["linked"],
    "edge": "shift",
    "edge_text": "A message.",
    "bridge": "A shared list.",
    "reach": "3",
    "phi_ok": "y",
}


def test_what_is_picked_is_shown_in_words(work):
    """T4: a role, a role at an organization, a person; read by the host as far as they are H."""
    visit = Visit(Ward(work), template="T4")
    visit.happen()
    listed = visit.desk("observer").pickers
    role, organization = listed.roles[0], listed.organizations[0]
    person = dict(listed.people)[str(visit.ward.host)]
    side = T4_SIDE | {
        "mover": role[0],
        "other": {"role": role[0], "organization": organization[0]},
        "thank": "For the time.",
        "thank_person": str(visit.ward.host),
    }
    visit.send("observer", side)
    visit.send("host", HOST_SIDE)

    assert [one.lines for one in visit.both("host").observer] == [
        ("Shift",),
        ("A message.",),
        ("A shared list.",),
    ]
    with work.write() as tx:
        tx.db.execute(makers.bookings.shift.update().values(state="closed"))
    own = {one.field.key: one.lines for one in visit.desk("observer").own}
    assert own["mover"] == (role[1],)
    assert own["other"] == (f"{role[1]}, {organization[1]}",)
    assert own["thank_person"] == (person,)
    assert own["how"] == ("Linked people",)
    assert own["reach"] == ("3 of 5",)


def test_nobody_can_pick_what_is_not_on_the_list(work):
    visit = Visit(Ward(work), template="T4")
    visit.happen()
    stranger = makers.person(work, makers.organization(work))

    with pytest.raises(BadAnswers) as refused:
        visit.send("observer", {**T4_SIDE, "thank": "Thanks.", "thank_person": str(stranger)})

    assert {problem.key for problem in refused.value.problems} == {"mover", "other", "thank_person"}


def test_a_scale_that_both_answer_is_compared_too(work):
    """Rule L4: whatever a template asks both for comparison."""
    visit = Visit(Ward(work), template="T2")
    visit.happen()
    split = {"steps": "7", "solving": "2", "learning": "1"}
    visit.send("observer", {**T2_SIDE, "frame": split})
    visit.send("host", {**HOST_SIDE, "frame_host": split})
    as_scale(work)

    opened = visit.both("host")

    assert opened.compared[0].rows == (("Split 10 points: how was this work framed?", 2, 5),)
    assert (opened.gap.observer, opened.gap.host) == (2, 5)


def as_scale(work):
    """Let the split have been a scale when it was answered."""
    source = json.loads(sheets.in_force().named("T2").source)
    for asked in source["template"]["fields"]:
        if asked["key"] in {"frame", "frame_host"}:
            del asked["options"], asked["total"]
            asked |= {"type": "scale", "min": 1, "max": 5, "low": "Low", "high": "High"}
    text = sheets.reflections.reflection_text
    with work.write() as tx:
        tx.db.execute(
            reflection_template.insert().values(
                version="older", code="T2", source=json.dumps(source), kept_at=NOW
            ),
        )
        for row in tx.db.execute(reflection.select()).all():
            host = row.side == "host"
            key, value = ("frame_host", 5) if host else ("frame", 2)
            version = f"{row.template_version.partition('+')[0]}+older" if host else "older"
            mine = text.c.reflection_id == row.id
            answers = tx.db.execute(text.select().where(mine)).one().answers
            tx.db.execute(text.update().where(mine).values(answers={**answers, key: value}))
            tx.db.execute(
                reflection.update()
                .where(reflection.c.id == row.id)
                .values(template_version=version),
            )


def test_a_version_that_nobody_kept_is_read_by_what_is_in_force(work):
    visit = Visit(Ward(work))
    visit.happen()
    visit.send("observer", OBSERVER_SIDE)
    with work.write() as tx:
        tx.db.execute(reflection.update().values(template_version="lost"))
    assert visit.desk("observer").typed["heard"] == "Fewer forms at the start."

    with work.write() as tx:
        tx.db.execute(reflection.update().values(template="T99"))

    assert visit.desk("observer").typed["heard"] == "Fewer forms at the start."


def test_an_administrators_own_area_is_filled_in(work):
    """T1: filled with one's own area, to be changed if it was another's."""
    ward = Ward(work)
    with work.write() as tx:
        person = makers.people.person
        tx.db.execute(
            person.update().where(person.c.id == ward.observer).values(portfolio="finance")
        )
    visit = Visit(ward)
    visit.happen()

    assert visit.desk("observer").typed == {"mine_portfolio": "finance"}
    assert visit.desk("host").typed == {}


def test_where_harm_is_reported_is_named_once_it_is_set(work):
    """Rule L3."""
    ward = Ward(work)
    visit = Visit(ward)
    visit.happen()
    assert visit.desk("host").notice.endswith("Report harm in the incident system.")

    with work.write() as tx:
        place = {"incident_url": "https://harm.example.org"}
        tx.db.execute(makers.people.organization.update().values(settings=place))

    assert visit.desk("host").notice.endswith("incident system: https://harm.example.org.")
