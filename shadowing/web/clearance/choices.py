"""What a site picks where the tables leave it a choice, in words and as a form."""

from __future__ import annotations

from calendar import month_name
from typing import Final

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from shadowing.adapters import reference
from shadowing.domain.policy import Action
from shadowing.domain.reference.requirements import Validity
from shadowing.services.clearance import picking
from shadowing.services.clearance.picking import Desk, Picked
from shadowing.web.fields import ChoiceField, TickField, offered
from shadowing.web.forms import HouseForm
from shadowing.web.session import actor, needs, work

bp = Blueprint("requirement_choices", __name__)

EFFECTS: Final = {
    "block": "Without it nothing is confirmed",
    "warn": "A warning, no stop",
    "block_room": "Some rooms stay closed",
    "mask": "A mask is worn instead, and nobody is stopped",
    "block_at_check_in": "Without it there is no check-in",
    "warn_at_check_in": "A warning at check-in, no stop",
    "local": "A warning, until the site says otherwise",
}


class ChoicesForm(HouseForm):
    """What the site picks; only what there is a choice for is shown."""

    counts = ChoiceField("How long does it count?", needed="Choose how long it counts.")
    counts_outside = ChoiceField(
        "How long does it count for people from outside?", needed="Choose how long it counts."
    )
    effect = ChoiceField("What if it is missing?", needed="Choose what happens without it.")
    urgent = TickField("It is urgent: shifts that are agreed need it at once")

    def offer(self, found: Desk) -> None:
        """Fill in what there is, and what is picked now; leave out what is no choice."""
        choices, now = found.choices, found.picked
        every = (
            ("counts", [words(each) for each in choices.validities], now.counts),
            (
                "counts_outside",
                [words(each) for each in choices.validities_external] if choices.apart else [],
                now.counts_outside,
            ),
            ("effect", [effect(each) for each in choices.effects], now.effect),
        )
        for name, texts, place in every:
            if len(texts) < 2:  # noqa: PLR2004 - nothing to choose between
                del self[name]
                continue
            self[name].choices = offered([(str(n), text) for n, text in enumerate(texts)])
            if not self.is_submitted():
                self[name].data = str(place)

    def picked(self, now: Picked) -> Picked:
        """Read what is picked; what is no choice stays as it is."""

        def read(name: str, standing: int) -> int:
            return int(self[name].data) if name in self else standing

        return Picked(
            read("counts", now.counts),
            read("counts_outside", now.counts_outside),
            read("effect", now.effect),
        )


@bp.route("/requirements/rules/<string:code>/choose", methods=["GET", "POST"])
@needs(Action.REQUIREMENT_CHANGE)
def choose(code: str) -> ResponseReturnValue:
    """Pick what the tables leave to the site."""
    found = picking.desk(work(), actor(), code=code)
    form = ChoicesForm()
    form.offer(found)
    if form.submitted():
        picked, urgent = form.picked(found.picked), bool(form.urgent.data)
        with form.mending():
            picking.pick(work(), actor(), code=code, picked=picked, urgent=urgent)
            flash("Asked like this from now on. Shifts that hang on it are looked at again.")
            return redirect(url_for("requirement_rules.one", code=code), 303)
    page = render_template("requirements/choose.html", form=form, found=found)
    return page, form.status


def effect(code: str) -> str:
    """Say what happens without it."""
    return EFFECTS.get(code) or reference.load().label("lapse_effects", code)


def words(validity: Validity) -> str:
    """Say how long something counts."""
    if validity.kind == "months":
        return f"{validity.months} months from the day it was done"
    if validity.kind == "season":
        first, last = map(_day, (validity.required_from, validity.required_to))
        return f"For the season, asked from {first} to {last}"
    if validity.kind == "local":
        return "As the site says; until then it does not end"
    return reference.load().label("validity_kinds", validity.kind)


def _day(of_year: tuple[int, int]) -> str:
    month, day = of_year
    return f"{month_name[month]} {day}"
