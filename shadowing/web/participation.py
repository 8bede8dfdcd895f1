"""HR's page: who took part, when and for how long; never what was said or with whom."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its types

from shadowing.domain.participation import BadFilter
from shadowing.domain.policy import Action
from shadowing.services import participation
from shadowing.services.participation import Choices, Page
from shadowing.web.fields import DayField, LineField, MenuField
from shadowing.web.forms import HouseForm
from shadowing.web.pages import page_number
from shadowing.web.session import actor, needs, today, work

bp = Blueprint("participation", __name__)

PARTS: Final = (("observer", "Shadowed"), ("host", "Hosted"))
BANDS: Final = (("day", "Day"), ("evening", "Evening"), ("night", "Night"))
NAMES: Final = {"first": "from", "last": "to"}


class FilterForm(HouseForm):
    """What part of the list is asked for; everything is optional."""

    class Meta(HouseForm.Meta):
        """Sent by GET: it changes nothing, so nothing can be forged."""

        csrf = False

    first = DayField("From")
    last = DayField("To")
    cycle = MenuField("Cycle")
    part = MenuField("Part")
    name = LineField("Name", most=100)
    unit = MenuField("Unit")
    role_kind = MenuField("Host role")
    family = MenuField("Job family")
    band = MenuField("Time of day")

    def offer(self, choices: Choices) -> None:
        """Fill the menus; the first choice of each is not to narrow by it."""
        menus = (
            (self.cycle, "Every cycle", choices.cycles),
            (self.part, "Both", PARTS),
            (self.unit, "Every unit", choices.units),
            (self.role_kind, "Every role", choices.roles),
            (self.family, "Every family", choices.families),
            (self.band, "Any time", BANDS),
        )
        for menu, every, known in menus:
            menu.choices = [
                SelectChoice("", every),
                *(SelectChoice(value, words) for value, words in known),
            ]

    def raw(self) -> dict[str, str]:
        """Give what was asked for, in the words of the filter."""
        given = {NAMES.get(field.name, field.name): field.data for field in self}
        return {name: str(value) for name, value in given.items() if value}


@bp.get("/participation")
@needs(Action.PARTICIPATION_SEE)
def show() -> ResponseReturnValue:
    """List who took part."""
    form, page = _asked()
    narrowed: dict[str, Any] = {
        name: value for name, value in request.args.items() if value and name in form
    }
    return (
        render_template(
            "participation/show.html",
            form=form,
            page=page,
            narrowed=narrowed,
            today=today(),
            export=url_for(".export", **narrowed),
        ),
        form.status,
    )


@bp.get("/participation.csv")
@needs(Action.PARTICIPATION_EXPORT)
def export() -> ResponseReturnValue:
    """Give the same list, whole, as a file."""
    form, _ = _asked()
    if form.errors:
        return show()
    file = Response(
        participation.export(work(), actor(), raw=form.raw()),
        content_type="text/csv; charset=utf-8",
    )
    name = f"participation-{today().isoformat()}.csv"
    file.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return file


def _asked() -> tuple[FilterForm, Page]:
    """Read the filter and the page it gives; a filter that cannot be gives all, and says why."""
    every = participation.show(work(), actor(), raw={}, number=page_number())
    form = FilterForm(formdata=request.args)
    form.offer(every.choices)
    if not form.validate() or not form.raw():
        return form, every
    try:
        return form, participation.show(work(), actor(), raw=form.raw(), number=page_number())
    except BadFilter as refusal:
        form.refuse(refusal)
        return form, every
