"""Fields: what people type becomes a value, or a sentence with the text still in the field."""

from datetime import date, time
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import IntegerField, StringField

from shadowing.domain.bookings.asking import SlotFull
from shadowing.domain.bookings.goal import GoalTooLong
from shadowing.domain.errors import BadValue
from shadowing.web import fields
from shadowing.web.forms import HouseForm
from shadowing.web.typed import read_day, read_time

TODAY = date(2027, 3, 8)
AN_ID = "6f828266-00ec-4d18-a63d-d0c949a78e87"


class Everything(HouseForm):
    """One field of each kind."""

    class Meta(HouseForm.Meta):
        """Nothing to forge here."""

        csrf = False

    line = fields.LineField("Line", most=10)
    area = fields.AreaField("Area", most=20)
    number = fields.WholeField("Number", low=1, high=12)
    thing = fields.IdField()
    choice = fields.ChoiceField("Choice", choices=[("a", "A"), ("b", "B")])
    menu = fields.MenuField("Menu", choices=[("1", "One")], coerce=int)
    many = fields.ManyField("Many", choices=[("x", "X"), ("y", "Y")])
    tick = fields.TickField("Tick", needed="Tick this.")
    day = fields.DayField("Day")
    time = fields.TimeField("Time")
    plain = StringField("Plain")
    count = IntegerField("Count", default=0)


@pytest.fixture
def read(visitor):
    """Read a form as it would be sent; everything but what is given is fine."""

    def filled(**sent):
        with visitor.client.application.test_request_context("/", base_url=visitor.base):
            form = Everything(formdata=MultiDict({"tick": "y", **sent}))
            form.validate()
            return form

    return filled


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("line", "  two\twords ", "two words"),
        ("line", "", ""),
        ("line", "e\u0301", "é"),
        ("area", "one\r\ntwo\r", "one\ntwo"),
        ("number", " 12 ", 12),
        ("number", "", None),
        ("thing", AN_ID, UUID(AN_ID)),
        ("thing", "", None),
        ("choice", "b", "b"),
        ("choice", "", None),
        ("menu", "1", 1),
        ("many", "y", ["y"]),
        ("day", "2027-03-12", date(2027, 3, 12)),
        ("day", "Mar 12", None),
        ("time", "2:30 pm", time(14, 30)),
        ("plain", "as it is ", "as it is "),
    ],
)
def test_what_is_typed_becomes_a_value(read, field, text, value):
    form = read(**{field: text})

    assert form.errors == {}
    assert form[field].data == value or (value is None and field == "day")


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("line", "x" * 11, "Shorten this to 10 characters. It has 11."),
        ("area", "x" * 21, "Shorten this to 20 characters. It has 21."),
        ("line", "a\x00b", "Take out the characters that cannot be printed."),
        ("area", "a\ud800b", "Take out the characters that cannot be printed."),
        ("plain", "a\x07b", "Take out the characters that cannot be printed."),
        ("plain", "x" * 10_001, "Shorten this to 10,000 characters. It has 10,001."),
        ("number", "13", "Enter a whole number from 1 to 12."),
        ("number", "1.5", "Enter a whole number from 1 to 12."),
        ("number", "٣", "Enter a whole number from 1 to 12."),
        ("number", "9" * 5000, "Enter a whole number from 1 to 12."),
        ("count", "99999999999", "Enter a smaller number."),
        ("thing", "../x", "Choose again: this one is not known."),
        ("choice", "c", "Choose one of these."),
        ("menu", "one", "Choose one of these."),
        ("menu", "2", "Choose one of these."),
        ("many", "z", "Choose one of these."),
        ("day", "2027-02-30", "Enter a day that is on the calendar, like Mar 12."),
        ("day", "someday", "Enter a day that is on the calendar, like Mar 12."),
        ("time", "25:00", "Enter a time, like 2:30 pm."),
        ("tick", "", "Tick this."),
    ],
)
def test_what_cannot_be_gets_one_sentence(read, field, text, said):
    form = read(**{field: text})

    assert form.errors == {field: [said]}
    assert form.status == 422


def test_a_refusal_stands_at_its_field_or_on_top(read, visitor):
    form = read()
    with visitor.client.application.test_request_context("/", base_url=visitor.base):
        form.refuse(SlotFull(slot_id=1))
        form.refuse(BadValue(field="number", problem="out_of_range", least=1, most=12))
        form.refuse(GoalTooLong(longest=200, length=201))

    assert form.number.errors == ["Stay between 1 and 12."]
    assert form.form_errors == [
        "Choose another time. This one was booked a moment ago. Your goal is kept.",
        "Shorten your goal to 200 characters. It has 201.",
    ]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2027-03-12", date(2027, 3, 12)),
        ("Mar 12", date(2027, 3, 12)),
        ("march 8", date(2027, 3, 8)),
        ("12 Mar", date(2027, 3, 12)),
        ("Mar 7", date(2028, 3, 7)),
        ("Fri, March 12, 2027", date(2027, 3, 12)),
        ("12 March 2027", date(2027, 3, 12)),
    ],
)
def test_a_day_is_read_as_people_write_it(text, day):
    assert read_day(text, today=TODAY) == day


@pytest.mark.parametrize(
    "text",
    ["Feb 30", "2027-13-01", "Mar", "12", "Mar 12 13 14", "9999-12-31", "0001-01-01", "x" * 9999],
)
def test_what_is_no_day_is_refused(text):
    with pytest.raises(ValueError, match="Enter a day"):
        read_day(text, today=TODAY)


def test_the_last_of_february_without_a_year_is_refused_where_it_is_not():
    with pytest.raises(ValueError, match="Enter a day"):
        read_day("Feb 29", today=TODAY)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("14:30", time(14, 30)),
        ("2:30 pm", time(14, 30)),
        ("2:30PM", time(14, 30)),
        ("2 p.m.", time(14)),
        ("12 am", time(0)),
        ("12:15 pm", time(12, 15)),
        ("noon", time(12)),
        ("Midnight", time(0)),
        ("07:00:00", time(7)),
        ("0:05", time(0, 5)),
    ],
)
def test_a_time_is_read_as_people_write_it(text, moment):
    assert read_time(text) == moment


@pytest.mark.parametrize("text", ["24:00", "13 pm", "0 am", "7", "7:60", "soon", "1:2", "9" * 99])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(ValueError, match="Enter a time"):
        read_time(text)


def test_a_form_of_another_application_reads_no_json():
    app = Flask("other")
    app.secret_key = "only for this test"
    with app.test_request_context("/", method="POST", json={"line": "x"}):
        form = Everything()

    assert not form.line.data
