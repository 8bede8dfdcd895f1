"""Printed sheets for hosts without any address: list, print, enter what came back signed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from shadowing.adapters.qr import draw
from shadowing.domain.phone import LABELS, Purpose
from shadowing.domain.policy import Action, Actor
from shadowing.services import sheets
from shadowing.services.availability import breaks
from shadowing.services.bookings import answering, debriefing
from shadowing.services.followup import keeping
from shadowing.services.sheets import Item, Sheet, Signed
from shadowing.web.availability.forms import UNTIL_SAID
from shadowing.web.fields import ChoiceField, TickField
from shadowing.web.forms import HouseForm
from shadowing.web.session import actor, ground, needs, work

bp = Blueprint("sheets", __name__)

TITLES: Final[Mapping[str, str]] = {
    "request": "Can {who} join you?",
    "shift": "{who} joins you",
    "talk": "Your talk with {who}",
    "side": "Your side of the shift with {who}",
    "promise": "{who} promised",
}
TICKS: Final[Mapping[str, str]] = {
    "accept": "Yes",
    "decline": "Not this time",
    "cancel": "Call it off",
    "mark-held": "We talked",
    "agree": "These words are fine",
    "see": "I have seen this",
}
WEEKS: Final = (("1", "1 week"), ("2", "2 weeks"), (UNTIL_SAID, "Until I say"))


def _of_shift(do: Callable[..., object]) -> Callable[[Signed], object]:
    return lambda signed: do(work(), signed.actor, shift_id=signed.id)


def _of_promise(do: Callable[..., object]) -> Callable[[Signed], object]:
    return lambda signed: do(work(), signed.actor, commitment_id=signed.id)


DOES: Final[Mapping[str, Callable[[Signed], object]]] = {
    "accept": _of_shift(answering.accept),
    "decline": _of_shift(answering.decline),
    "cancel": _of_shift(answering.cancel),
    "mark-held": _of_shift(debriefing.mark_held),
    "agree": _of_promise(keeping.agree),
    "see": _of_promise(keeping.see),
}


class SignedForm(HouseForm):
    """What a host ticked, and that they signed it."""

    what = ChoiceField("What is ticked on the sheet?", needed="Choose what is ticked.")
    signed = TickField("", needed="Tick that the sheet is signed. Nobody answers for a host.")


@bp.get("/sheets")
@needs(Action.SHEET_SEE)
def index() -> ResponseReturnValue:
    """List the hosts who are reached on paper."""
    found = sheets.hosts(work(), actor(), texts=ground().texts)
    return render_template("sheets/index.html", hosts=found)


@bp.get("/sheets/<uuid:host_id>")
@needs(Action.SHEET_SEE)
def show(host_id: UUID) -> ResponseReturnValue:
    """Show a sheet as it is printed, still without codes: looking draws none."""
    return _sheet(sheets.show(work(), actor(), host_id=host_id, texts=ground().texts))


@bp.post("/sheets/<uuid:host_id>/codes")
@needs(Action.SHEET_ENTER)
def codes(host_id: UUID) -> ResponseReturnValue:
    """Draw a code for each thing on a sheet, for any phone."""
    sheet, tokens = sheets.codes(work(), actor(), host_id=host_id, texts=ground().texts)
    addresses = {key: f"{ground().base_url}/phone/{token}" for key, token in tokens.items()}
    return _sheet(sheet, addresses)


@bp.route("/sheets/<uuid:host_id>/enter", methods=["GET", "POST"])
@needs(Action.SHEET_ENTER)
def enter(host_id: UUID) -> ResponseReturnValue:
    """Ask what a host signed, or do it."""
    sheet = sheets.show(work(), actor(), host_id=host_id, texts=ground().texts)
    form = SignedForm()
    form.what.choices = _choices(sheet)
    form.signed.label.text = f"{sheet.host.name} signed this sheet, and this is what it says"
    if form.submitted():
        with form.mending():
            _enter(sheet, str(form.what.data))
            flash("Entered, as the host signed it. You are on record as who entered it.", "success")
            return redirect(url_for(".show", host_id=host_id), 303)
    return render_template("sheets/enter.html", form=form, sheet=sheet), form.status


def _choices(sheet: Sheet) -> list[Any]:
    found: list[Any] = [
        (f"{do} {item.id}", f"{_title(item)}: {TICKS[do]}")
        for item in sheet.items
        for do in item.can
    ]
    return found + [(f"break {weeks}", f"Take a break: {words}") for weeks, words in WEEKS]


def _enter(sheet: Sheet, chosen: str) -> None:
    do, _, rest = chosen.partition(" ")
    item_id = None if do == "break" else UUID(rest)
    signed = sheets.sign(
        work(), actor(), host_id=sheet.host.id, do=do, item_id=item_id, texts=ground().texts
    )
    if do == "break":
        _take_break(signed.actor, rest)
    else:
        DOES[do](signed)


def _take_break(host: Actor, weeks: str) -> None:
    breaks.take(work(), host, weeks=weeks.replace(UNTIL_SAID, ""))


def _title(item: Item) -> str:
    return TITLES[item.what].format(who=item.who)


def _sheet(
    sheet: Sheet, addresses: Mapping[tuple[UUID | None, Purpose], str] | None = None
) -> ResponseReturnValue:
    known = addresses or {}
    return render_template(
        "sheets/show.html",
        sheet=sheet,
        lines=[
            (item, _title(item), [TICKS[do] for do in item.can], _code(known, item))
            for item in sheet.items
        ],
        others=[
            (LABELS[purpose], known[None, purpose], draw(known[None, purpose]))
            for shift_id, purpose in known
            if shift_id is None
        ],
        weeks=[words for _, words in WEEKS],
        coded=addresses is not None,
        page=request.path,
    )


def _code(known: Mapping[tuple[UUID | None, Purpose], str], item: Item) -> Any:  # noqa: ANN401
    address = known.get((item.shift_id, item.purpose))
    return (address, draw(address)) if address else None
