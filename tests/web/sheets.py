"""The pages that show every part once, rendered from literals without the application."""

import re
from functools import cache
from html import unescape
from pathlib import Path
from types import SimpleNamespace

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    Form,
    HiddenField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
STATIC = ROOT / "static"
NADIA = SimpleNamespace(
    name="Nadia Ferrowby", title="Chief Operating Officer", initials="NF", side="a"
)


class SheetForm(Form):
    """One field of each kind."""

    email = EmailField("Work email", description="We’ll send a link that signs you in.")
    password = PasswordField("Password")
    goal = TextAreaField("What do you want to understand?", [Length(max=140)])
    promise = StringField("In one sentence", [InputRequired("Enter what you will do")])
    by = DateField("By when")
    helps = SelectField(
        "Who helps", choices=[SelectChoice("me", "Only me"), SelectChoice("other", "Someone else")]
    )
    kind = RadioField(
        "What will you do?",
        [InputRequired("Choose what you will do")],
        choices=[
            SelectChoice("fix", "Fix or try something"),
            SelectChoice("ask", "Find out"),
            SelectChoice("no", "I can’t change this"),
        ],
        validate_choice=False,
    )
    roles = SelectMultipleField(
        "Who you would join",
        choices=[SelectChoice("nurse", "Nurse"), SelectChoice("doctor", "Physician")],
    )
    causes = SelectMultipleField(
        "What made it hard?",
        choices=[
            SelectChoice("wait", "Waiting for others"),
            SelectChoice("space", "Space or distance"),
        ],
    )
    open = RadioField(
        "Can someone join you?",
        choices=[
            SelectChoice("open", "Open"),
            SelectChoice("ask", "Ask me"),
            SelectChoice("closed", "Closed"),
        ],
        validate_choice=False,
    )
    hard = RadioField(
        "How hard was it?",
        [InputRequired("Choose a step, or say that you could not tell")],
        choices=[
            SelectChoice("1", "Very easy"),
            SelectChoice("2", "Easy"),
            SelectChoice("3", "Mixed"),
            SelectChoice("4", "Hard"),
            SelectChoice("5", "Very hard"),
            SelectChoice("0", "I could not tell"),
        ],
        validate_choice=False,
    )
    agree = BooleanField(
        "I’ll do all of this", [InputRequired("Tick that you will do all of this")]
    )
    slot = HiddenField()


class FilterForm(Form):
    """A form of a list page, sent by GET."""

    unit = SelectMultipleField(
        "Unit", choices=[SelectChoice("w4", "4 West"), SelectChoice("n2", "2 North ICU")]
    )


def filled() -> SheetForm:
    """A form as it comes back when all is well."""
    typed = MultiDict(
        [("ok-kind", "fix"), ("ok-causes", "wait"), ("ok-open", "ask"), ("ok-hard", "4")]
    )
    return SheetForm(typed, prefix="ok-")


def refused() -> SheetForm:
    """A form that was sent with too much, too little and at the wrong time."""
    form = SheetForm(
        MultiDict([("no-goal", "g" * 160), ("no-helps", "me"), ("no-open", "closed")]),
        prefix="no-",
    )
    form.validate()
    form.form_errors.append("That time was booked a moment ago. Your goal is kept")
    return form


def shell(*, person=NADIA, theme=""):
    """What the app shell shows around a page."""
    items = (
        ("Home", "/", "house", True, 0),
        ("Find a shift", "/shifts", "search", False, 0),
        ("My shifts", "/shifts/mine", "calendar-check", False, 0),
        ("Reflect", "/reflections", "notebook-pen", False, 1),
        ("You saw, we did", "/commitments", "handshake", False, 0),
    )
    return SimpleNamespace(
        brand="Shadowing",
        title_suffix="Shadowing",
        lang="en-US",
        theme=theme,
        site_line="Cedar Hollow Medical Center",
        zone_line="Central Time",
        person=person,
        nav=tuple(
            SimpleNamespace(label=label, url=url, icon=icon, current=current, count=count)
            for label, url, icon, current, count in items
        ),
        roles=(
            SimpleNamespace(label="Administrator", code="observer", current=True),
            SimpleNamespace(label="Coordinator", code="coordinator", current=False),
        ),
        unread=2,
        updates_url="/updates",
        help_url="/help",
    )


def week_days():
    """The seven links of the week strip."""
    counts = (2, 3, 4, 3, 3, 0, 1)
    names = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    return [
        {
            "url": f"/shifts?day={8 + at}",
            "dow": name,
            "num": str(8 + at),
            "date": f"2027-03-{8 + at:02}",
            "count": count,
            "current": at == 2,
        }
        for at, (name, count) in enumerate(zip(names, counts, strict=True))
    ]


def grid_days(field):
    """A week with a booked day shift, a night that runs on, a closed one and days off."""
    frames = grid_frames(field)
    return [
        {"id": f"day-{day['num']}", "name": f"{day['dow']}, March {day['num']}"}
        | {"dow": day["dow"], "num": day["num"]}
        | frames.get(day["dow"], {})
        for day in week_days()
    ]


SUNDAY = (
    {"state": "open", "time": "10:00 am – 2:00 pm", "from_": "1000", "to": "1400"},
    {"state": "blind", "time": "3:00 – 6:00 pm", "from_": "1500", "to": "1800"},
)


def grid_frames(field):
    """What stands in that week, by the name of the day."""
    work = {"work": "You work 7:00 am – 7:00 pm"}
    night = {"work": "Night, 7:00 pm – 7:00 am", "night": True, "url": "/availability?shift=2"}
    return {
        "Mon": {
            "rosters": [("0700", "1900", "")],
            "bands": [("0700", "0715"), ("1845", "1900")],
            "shifts": [
                work
                | {"state": "booked", "time": "9:00 am – 1:00 pm", "from_": "0900", "to": "1300"}
                | {"lines": ["Caleb W."], "text": "Caleb Wintermoor joins you."}
                | {"text_url": "/shifts/1", "text_link": "See the shift", "url": "/shifts/1"},
            ],
        },
        "Wed": {
            "today": True,
            "rosters": [("1900", "2400", "on")],
            "shifts": [
                night
                | {"state": "ask", "time": "7:15 – 11:00 pm", "from_": "1915", "to": "2300"}
                | {"picked": True, "lines": ["1 request"], "field": field},
            ],
        },
        "Thu": {
            "nights": [("0700", "Wed night")],
            "rosters": [("1900", "2400", "on")],
            "shifts": [
                night
                | {"state": "closed", "time": "Closed", "short": "Night shift"}
                | {"from_": "1915", "to": "2400"},
            ],
        },
        "Sun": {"shifts": [work | {"url": "/x"} | each for each in SUNDAY]},
    }


@cache
def environment():
    """Plain Jinja with what the application gives every template."""
    loader = ChoiceLoader(
        [FileSystemLoader(TEMPLATES), FileSystemLoader(Path(__file__).parent / "templates")]
    )
    jinja = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    jinja.globals |= {
        "brand": "Shadowing",
        "url_for": lambda _endpoint, filename: f"/static/{filename}",
        "csrf_token": lambda: "a-token",
        "get_flashed_messages": lambda **_: [
            ("success", "Your week is saved."),
            ("error", "Two shifts overlap."),
            ("undo", {"text": "Shift on March 10 cancelled.", "url": "/undo"}),
        ],
    }
    return jinja


def states():
    """Every state code a pill has a face for."""
    return tuple(environment().get_template("parts/pills.html").module.faces)


def sheet(*, theme=""):
    """The app shell with every part in it."""
    phone_field = SheetForm(MultiDict([("wed-open", "ask")]), prefix="wed-").open
    return (
        environment()
        .get_template("sheet.html")
        .render(
            shell=shell(theme=theme),
            form=filled(),
            wrong_form=refused(),
            filters=FilterForm(),
            days=week_days(),
            grid_days=grid_days(phone_field),
            states=states(),
        )
    )


def task_sheet(*, theme=""):
    """The task shell, after a form that was refused."""
    return (
        environment()
        .get_template("sheet_task.html")
        .render(shell=shell(theme=theme), form=refused())
    )


def error_page(name, **facts):
    """One error page as a stranger sees it."""
    return environment().get_template(f"errors/{name}.html").render(**facts)


def pages(*, theme=""):
    """Every page by the path it is served under."""
    return {
        "/": sheet(theme=theme),
        "/task": task_sheet(theme=theme),
        "/missing": error_page("404", shell=shell(person=None, theme=theme)),
        "/broken": error_page("500", reference="7Q2K-91"),
    }


def title_of(text):
    """The words in the title of a page."""
    return unescape(re.search(r"<title>(.*?)</title>", text).group(1))
