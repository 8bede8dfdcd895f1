"""A visitor takes a shift back: what it means, three other dates, a note to the host (B10)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from shadowing.adapters.plain_time import day_short, time_range
from shadowing.domain.bookings.goal import LONGEST
from shadowing.domain.bookings.states import MoveNotAllowed, State
from shadowing.domain.errors import NotFound, Refusal
from shadowing.services.bookings import leaving, looking
from shadowing.services.bookings.elsewhere import Time
from shadowing.services.bookings.leaving import Leaving
from shadowing.services.bookings.looking import View
from shadowing.web.fields import AreaField, ChoiceField, offered
from shadowing.web.forms import HouseForm
from shadowing.web.sentences import field_of
from shadowing.web.session import actor, now, today, work
from shadowing.web.shifts import asked, questions
from shadowing.web.shifts.said import refused, told
from shadowing.web.shifts.words import short

NO_OTHER: Final = "none"
CLOSE: Final = 24 * 3600
REBOOKED: Final = "Done. The first time is taken back, and this one is asked for in its place."
COUNTED: Final = (
    "A cancel now is counted: you and your coordinator see that, nobody else. Choose another time "
    "below, and it is not. Not well? Stay home, cancel, and tell your coordinator why."
)
SOON: Final = "Your host may be counting on you. Say in a few words why, if you like."


class CancelForm(HouseForm):
    """What instead, and a few words to the host."""

    instead = ChoiceField("Another time instead?", needed="Choose one of these.")
    note = AreaField("A note to your host", most=LONGEST)


def page(shift_id: UUID) -> ResponseReturnValue:
    """Ask what instead; sent, cancel, and ask for the other time in the same step."""
    view = looking.show(work(), actor(), shift_id=shift_id)
    known = leaving.look(work(), actor(), shift_id=shift_id)
    form = CancelForm(instead=NO_OTHER)
    form.instead.choices = offered(_choices(known))
    if "cancel" not in view.moves:
        gone = MoveNotAllowed(state=view.face, wanted=State.CANCELLED_BY_OBSERVER)
        return refused(shift_id, gone) if form.is_submitted() else _moved_on(view)
    if not form.is_submitted():
        return _shown(view, known, form)
    if not form.instead.raw_data:
        form.instead.raw_data = [NO_OTHER]
        form.instead.data = NO_OTHER
    if not form.validate():
        return _shown(view, known, form)
    try:
        return _left(shift_id, form)
    except NotFound:
        raise
    except Refusal as refusal:
        if field_of(refusal) in form or form.instead.data != NO_OTHER:
            form.refuse(refusal)
            return _shown(view, known, form)
        return refused(shift_id, refusal)


def _left(shift_id: UUID, form: CancelForm) -> ResponseReturnValue:
    note, instead = form.note.data or "", str(form.instead.data)
    if instead == NO_OTHER:
        left = leaving.cancel(work(), actor(), shift_id=shift_id, note=note)
        return told(left)
    asked_for = leaving.rebook(work(), actor(), shift_id=shift_id, slot_id=UUID(instead), note=note)
    flash(REBOOKED, "success")
    return redirect(url_for("shifts.show", shift_id=asked_for.id), 303)


def _choices(known: Leaving) -> list[tuple[object, str]]:
    dates: list[tuple[object, str]] = [(str(t.card.slot_id), _date(t)) for t in known.times]
    return [*dates, (NO_OTHER, "No other time for now")]


def _date(time: Time) -> str:
    card = time.card
    day = day_short(card.starts_at, card.zone, today=today())
    who = card.host_name.partition(",")[0] or card.role_label
    asks = "" if not time.host_asked and not time.unit_asked else ". Asked first"
    times = time_range(card.starts_at, card.ends_at, card.zone)
    return f"{day}, {times}, {who}, {card.unit_name}{asks}"


def _shown(view: View, known: Leaving, form: CancelForm) -> ResponseReturnValue:
    soon = (view.shift.starts_at - now()).total_seconds() <= CLOSE
    ask = questions.leaves(view, soon=soon)
    names: Mapping[str, str] = {"host": short(view.host)}
    confirmed = view.face == State.CONFIRMED
    words = render_template(
        "shifts/cancel.html",
        form=form,
        title=ask.title,
        lines=[line.format_map(names) for line in ask.lines],
        button=ask.button,
        warning=COUNTED if known.counts else SOON if soon and confirmed else "",
        strong=f"Less than {known.hours} hours." if known.counts else "Less than 24 hours.",
        asks_note=confirmed,
        longest=LONGEST,
        **asked.around(view),
    )
    return words, form.status if form.is_submitted() else 200


def _moved_on(view: View) -> ResponseReturnValue:
    return render_template(
        "shifts/ask.html",
        question=None,
        title="This has moved on",
        lines=[],
        address="",
        **asked.around(view),
    )
