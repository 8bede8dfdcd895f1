"""From a slot to a shift: the goal, a seat held meanwhile, a last look, and the press that asks.

What was written stays in the person's own signed cookie until it is sent or given up: a seat that
is lost, or a hold that runs out, never takes the goal along.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from shadowing.adapters import plain_time
from shadowing.domain.bookings.asking import AlreadyAsked, SlotFull, SlotGone
from shadowing.domain.bookings.goal import LONGEST
from shadowing.domain.errors import NotFound, Refusal
from shadowing.domain.policy import Action
from shadowing.services.bookings import asking, choosing
from shadowing.services.bookings.asking import Ask
from shadowing.services.bookings.choosing import Choice
from shadowing.web.fields import AreaField, TickField
from shadowing.web.find import ways, words
from shadowing.web.forms import HouseForm
from shadowing.web.session import actor, needs, today, work

bp = Blueprint("asking", __name__)

KEPT: Final = "asking"
STARTS: Final = {"1": 0, "2": 1, "3": 2}
TAKEN: Final = "That time was booked a moment ago"
NO_MORE: Final = "That time is not open any more"
NOT_NOW: Final = "You can’t ask for this shift now"


class GoalForm(HouseForm):
    """Why this shift?"""

    goal = AreaField("What do you want to understand?", needed="Enter what you want to understand.")
    access_needs = AreaField("Anything you need to take part?")


class CheckForm(HouseForm):
    """The one tick before booking; ``words`` says which version of each text was shown."""

    agree = TickField("I’ll do all of this", needed="Tick that you will do all of this.")
    words = HiddenField("")

    def agreed(self) -> dict[str, str]:
        """Give the version of the words that were ticked, by requirement."""
        pairs = (pair.partition(":") for pair in (self.words.data or "").split())
        return {code: version for code, _, version in pairs}


@bp.get("/slots/<uuid:slot_id>/goal")
@needs(Action.SLOT_HOLD)
def goal(slot_id: UUID) -> ResponseReturnValue:
    """Ask for the goal; what was written for another time is kept."""
    choice = choosing.offer(work(), actor(), slot_id=slot_id)
    if choice.card.reasons:
        return _refused(choice, *choice.card.reasons)
    written = _written(choice)
    start = STARTS.get(request.args.get("start", ""))
    form = GoalForm(
        goal=written[0] if start is None else words.starters(choice)[start],
        access_needs=written[1],
    )
    return _goal_page(form, choice)


@bp.post("/slots/<uuid:slot_id>/goal")
@needs(Action.SLOT_HOLD)
def keep_seat(slot_id: UUID) -> ResponseReturnValue:
    """Hold a seat for whoever said what they want to understand."""
    form = GoalForm()
    if form.submitted():
        ask = Ask(slot_id, form.goal.data or "", form.access_needs.data or "")
        try:
            held = asking.hold(work(), actor(), ask)
        except NotFound:
            raise
        except Refusal as refusal:
            if refusal.field not in form:
                session[KEPT] = [ask.goal, ask.access_needs]
                return _refused(choosing.offer(work(), actor(), slot_id=slot_id), refusal)
            form.refuse(refusal)
        else:
            session[KEPT] = [held.goal, held.access_needs]
            return redirect(url_for("asking.check", slot_id=slot_id), 303)
    return _goal_page(form, choosing.offer(work(), actor(), slot_id=slot_id))


@bp.route("/slots/<uuid:slot_id>/check", methods=["GET", "POST"])
@needs(Action.SHIFT_REQUEST)
def check(slot_id: UUID) -> ResponseReturnValue:
    """Show all there is to know before booking; then ask."""
    choice = choosing.offer(work(), actor(), slot_id=slot_id)
    if choice.card.shift_id:
        return redirect(f"{words.SHIFTS}{choice.card.shift_id}", 303)
    written = _written(choice)
    if choice.card.reasons:
        return _refused(choice, *choice.card.reasons)
    if not written[0]:
        flash("Enter what you want to understand first.", "info")
        return redirect(url_for("asking.goal", slot_id=slot_id), 303)
    form = CheckForm(words=words.versions(choice))
    if form.submitted():
        return _ask(Ask(slot_id, *written, agreed=form.agreed()))
    return _check_page(form, choice, written)


def _ask(ask: Ask) -> ResponseReturnValue:
    try:
        shift = asking.request(work(), actor(), ask)
    except NotFound:
        raise
    except Refusal as refusal:
        return _refused(choosing.offer(work(), actor(), slot_id=ask.slot_id), refusal)
    session.pop(KEPT, None)
    return redirect(f"{words.SHIFTS}{shift.id}?booked=1", 303)


@bp.post("/slots/<uuid:slot_id>/leave")
@needs(Action.SLOT_HOLD)
def leave(slot_id: UUID) -> ResponseReturnValue:
    """Give the seat back, and go on looking on the same day."""
    choice = choosing.offer(work(), actor(), slot_id=slot_id)
    asking.leave(work(), actor())
    session.pop(KEPT, None)
    flash("Not booked. The time is free for others again.", "info")
    return redirect(url_for("find.search", day=choice.card.local_date), 303)


def _written(choice: Choice) -> tuple[str, str]:
    """Read the goal and access needs as they were written last."""
    if choice.hold:
        return choice.hold.goal, choice.hold.access_needs
    kept = session.get(KEPT)
    return (str(kept[0]), str(kept[1])) if kept else ("", "")


def _goal_page(form: GoalForm, choice: Choice) -> ResponseReturnValue:
    page = render_template(
        "find/goal.html",
        form=form,
        starters=words.starters(choice),
        longest=LONGEST,
        **_around(choice),
    )
    return page, form.status


def _check_page(
    form: CheckForm,
    choice: Choice,
    written: tuple[str, str],
) -> ResponseReturnValue:
    page = render_template(
        "find/check.html",
        form=form,
        goal=written[0],
        access_needs=written[1],
        lines=words.checklist(choice),
        to_agree=words.to_agree(choice),
        manners=words.manners(choice),
        until=words.held_until(choice.card),
        longer=words.runs_out_soon(choice.card),
        **_around(choice),
    )
    return page, form.status


def _around(choice: Choice) -> dict[str, object]:
    """Give the summary beside each step."""
    card = choice.card
    return {
        "card": card,
        "host": words.host(card),
        "facts": words.facts(choice),
        "warnings": words.warnings(card),
        "back": url_for("find.search", day=card.local_date),
        "clock_change": plain_time.clock_change(card.local_date, card.zone) or "",
    }


def _refused(choice: Choice, *reasons: Refusal) -> ResponseReturnValue:
    """Say why it cannot be this one, keep what was written, and offer others like it (B5)."""
    card = choice.card
    if any(isinstance(reason, AlreadyAsked) for reason in reasons) and card.shift_id:
        return redirect(f"{words.SHIFTS}{card.shift_id}", 303)
    told = [reason for reason in reasons if not isinstance(reason, SlotFull)]
    others = choosing.alternatives(work(), actor(), slot_id=card.slot_id)
    goal_kept = _written(choice)[0]
    dated = [plain_time.day_short(each.starts_at, each.zone, today=today()) for each in others]
    page = render_template(
        "find/refused.html",
        title=_title(reasons[0]),
        said=ways.helped(told, card),
        goal=goal_kept,
        tell_me=url_for("wishes.seat", slot_id=card.slot_id)
        if isinstance(reasons[0], SlotFull)
        else "",
        others=[
            words.shown(each, main_site=card.site_name, dated=day)
            for each, day in zip(others, dated, strict=True)
        ],
        **_around(choice),
    )
    return page, 409


def _title(reason: Refusal) -> str:
    if isinstance(reason, SlotFull):
        return TAKEN
    return NO_MORE if isinstance(reason, SlotGone) else NOT_NOW
