"""What an organization asks of its visitors: the list, a new one, one in detail, who checks it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from shadowing.domain.clearance.states import Life
from shadowing.domain.errors import NotFound, Refusal
from shadowing.domain.policy import Action
from shadowing.services.clearance import ruling
from shadowing.services.clearance.drafting import Wanted
from shadowing.services.clearance.ruling import Rule
from shadowing.web.clearance import choices
from shadowing.web.fields import (
    AreaField,
    ChoiceField,
    EmailField,
    LineField,
    MenuField,
    TickField,
    WholeField,
    offered,
)
from shadowing.web.forms import HouseForm
from shadowing.web.sentences import sentence
from shadowing.web.session import actor, needs, now, work, zone

bp = Blueprint("requirement_rules", __name__)

STATES: Final = {
    Life.DRAFT: ("line", "pencil", "Draft"),
    Life.ACTIVE: ("ok", "circle-check", "Asked"),
    Life.OFF_SEASON: ("line", "pause", "Out of season"),
    Life.RETIRED: ("line", "ban", "No longer asked"),
}
WHOM: Final = (
    ("everyone", "Everyone"),
    ("outside", "People from outside"),
    ("patients", "Everyone who goes where patients are"),
    ("in_person", "Everyone who comes in person"),
    ("remote", "Everyone who joins by video or phone"),
)
EFFECTS: Final = (
    ("block", "Without it nothing is confirmed"),
    ("warn", "A warning, no stop"),
    ("block_room", "Some rooms stay closed"),
)
VALID: Final = (
    ("none", "Done once, never ends"),
    ("cycle", "To the end of the cycle"),
    ("months", "A number of months"),
)


EVERYWHERE: Final = "Everywhere it applies"
NOT_HERE: Final = ("line", "ban", "Not asked here")


class RuleForm(HouseForm):
    """A requirement of one's own."""

    label = LineField("Name", needed="Enter a name.")
    help = LineField("One line of help for the visitor", most=300)
    whom = ChoiceField("Of whom?", choices=WHOM, needed="Choose of whom it is asked.")
    unit = MenuField("Where?")
    valid = ChoiceField("How long does it count?", choices=VALID, needed="Choose how long.")
    months = WholeField("Months", low=1, high=120)
    effect = ChoiceField("What if it is missing?", choices=EFFECTS, needed="Choose what happens.")
    waivable = TickField("A coordinator may waive it for a time")
    text = AreaField(
        "Words to tick",
        description="One sentence a line. Leave it empty where somebody checks a proof.",
    )


class ActForm(HouseForm):
    """A press that changes where a requirement stands."""

    urgent = TickField("It is urgent: shifts that are agreed need it at once")


class CheckerForm(HouseForm):
    """Who checks it from now on."""

    email = EmailField("Email address", needed="Enter an email address.")


@bp.get("/requirements/rules")
@needs(Action.REQUIREMENT_SEE)
def listed() -> ResponseReturnValue:
    """List what is asked."""
    rules = ruling.listed(work(), actor())
    shown = [(rule, _state(rule)) for rule in rules]
    return render_template("requirements/rules.html", rules=shown)


@bp.route("/requirements/rules/new", methods=["GET", "POST"])
@needs(Action.REQUIREMENT_CHANGE)
def new() -> ResponseReturnValue:
    """Write a requirement of one's own, as a draft."""
    form = RuleForm()
    units = ruling.places(work(), actor()).units
    form.unit.choices = offered([("", "Everywhere"), *((str(each), name) for each, name in units)])
    if form.submitted():
        with form.mending():
            code = ruling.draft(work(), actor(), _wanted(form))
            flash("Written as a draft. Nobody is asked for it yet.", "success")
            return redirect(url_for(".one", code=code), 303)
    return render_template("requirements/rule_new.html", form=form), form.status


def _state(rule: Rule) -> tuple[str, str, str]:
    return NOT_HERE if rule.dormant else STATES[rule.state]


def _wanted(form: RuleForm) -> Wanted:
    return Wanted(
        label=form.label.data or "",
        help=form.help.data or "",
        whom=form.whom.data or "",
        unit_id=UUID(form.unit.data) if form.unit.data else None,
        valid=form.valid.data or "",
        months=form.months.data or 0,
        effect=form.effect.data or "",
        waivable=bool(form.waivable.data),
        text=form.text.data or "",
    )


@bp.get("/requirements/rules/<string:code>")
@needs(Action.REQUIREMENT_SEE)
def one(code: str) -> ResponseReturnValue:
    """Show one requirement."""
    return _page(code)


@bp.post("/requirements/rules/<string:code>/ask")
@needs(Action.REQUIREMENT_CHANGE)
def ask(code: str) -> ResponseReturnValue:
    """Ask for a draft from now on (C9)."""
    form = ActForm()
    urgent = bool(form.submitted() and form.urgent.data)
    return _done(code, lambda: ruling.activate(work(), actor(), code=code, urgent=urgent))


@bp.post("/requirements/rules/<string:code>/retire")
@needs(Action.REQUIREMENT_CHANGE)
def retire(code: str) -> ResponseReturnValue:
    """Ask for it no longer."""
    return _done(code, lambda: ruling.retire(work(), actor(), code=code))


@bp.post("/requirements/rules/<string:code>/again")
@needs(Action.REQUIREMENT_CHANGE)
def again(code: str) -> ResponseReturnValue:
    """Write it anew as a draft."""
    return _done(code, lambda: ruling.again(work(), actor(), code=code))


@bp.post("/requirements/rules/<string:code>/checkers")
@needs(Action.REQUIREMENT_CHANGE)
def add_checker(code: str) -> ResponseReturnValue:
    """Let somebody check it."""
    form = CheckerForm()
    if not form.submitted():
        return _page(code, checker=form)
    with form.mending():
        ruling.add_checker(work(), actor(), code=code, email=form.email.data or "")
        flash("Named. It shows in their list of what to check.", "success")
        return redirect(url_for(".one", code=code), 303)
    return _page(code, checker=form)


@bp.post("/requirements/rules/<string:code>/checkers/<uuid:person_id>/remove")
@needs(Action.REQUIREMENT_CHANGE)
def remove_checker(code: str, person_id: UUID) -> ResponseReturnValue:
    """Let somebody check it no longer."""
    return _done(
        code, lambda: ruling.remove_checker(work(), actor(), code=code, person_id=person_id)
    )


def _done(code: str, act: Callable[[], None]) -> ResponseReturnValue:
    try:
        act()
    except NotFound:
        raise
    except Refusal as refusal:
        flash(sentence(refusal, zone(), at=now()), "warning")
    else:
        flash("Done. Shifts that hang on it are looked at again.", "success")
    return redirect(url_for(".one", code=code), 303)


def _page(code: str, *, checker: CheckerForm | None = None) -> ResponseReturnValue:
    rule, named, binding_on = ruling.one(work(), actor(), code=code)
    checker = checker or CheckerForm(formdata=None)
    page = render_template(
        "requirements/rule.html",
        rule=rule,
        asked=rule.requirement,
        state=_state(rule),
        facts=_facts(rule),
        named=named,
        binding_on=binding_on,
        form=checker,
        act=ActForm(formdata=None),
        is_draft=rule.state is Life.DRAFT,
        is_asked=rule.state is Life.ACTIVE and not rule.dormant,
        is_gone=rule.state is Life.RETIRED,
    )
    return page, checker.status


def _facts(rule: Rule) -> tuple[tuple[str, str], ...]:
    asked = rule.requirement
    lasts = choices.words(asked.validity)
    if asked.validity_external != asked.validity:
        lasts = f"{lasts}. People from outside: {choices.words(asked.validity_external)}"
    how = "The visitor reads and ticks it" if asked.attest == "observer" else "Somebody checks it"
    return (
        ("Where", "Only where a site asks for it" if rule.dormant else rule.unit or EVERYWHERE),
        ("Counts", lasts),
        ("Without it", choices.effect(asked.on_lapse)),
        ("How", how),
        ("Waivable", "Yes" if asked.waivable else "No"),
    )
