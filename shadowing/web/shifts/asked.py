"""What is said of a change of a shift: whose yes it needs, what speaks for it, what then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final
from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from shadowing.domain.bookings.asking import NotAvailable
from shadowing.domain.bookings.proposals import Kind, NothingProposed
from shadowing.domain.bookings.states import By, State
from shadowing.domain.errors import NotFound, Refusal
from shadowing.services.bookings.cards import Card
from shadowing.services.bookings.changes import Change
from shadowing.services.bookings.elsewhere import Time
from shadowing.services.bookings.looking import View
from shadowing.web.find import words as finding
from shadowing.web.sentences import sentence
from shadowing.web.session import actor, now, work, zone
from shadowing.web.shifts.said import BETWEEN, Answer
from shadowing.web.shifts.words import chip, pill, short

TALK: Final = "The talk afterwards moves along. You get an update for both in your calendar."


def around(view: View) -> dict[str, object]:
    """Give the shift that stands, as the head of a page in the task shell shows it."""
    return {
        "view": view,
        "shift": view.shift,
        "pill": pill(view.face, part=view.part),
        "observer": chip(view.observer, part=view.part),
        "host": chip(view.host, part=view.part),
        "host_name": short(view.host),
    }


def speaks_for(each: Time) -> Iterator[str]:
    """Say why this time (M9)."""
    if each.same_host:
        yield "Your host stays the same."
    elif each.same_unit:
        yield "The unit stays the same."
    elif each.same_role:
        yield "Somebody in the same role."
    if not each.host_asked and not each.unit_asked:
        yield "Nobody has to be asked: it moves at once."


def speaks_against(each: Time) -> Iterator[str]:
    """Say what stands against it."""
    if each.host_asked:
        yield "The host has to say yes to it."
    if each.unit_asked:
        yield "The unit lead has to say yes to it."


def blocks(card: Card) -> tuple[str, ...]:
    """Say why it cannot be this one."""
    return finding.said(card.reasons, card.zone)


def what_then(view: View, time: Time) -> Iterable[str]:
    """Say what happens on the press, and who is told."""
    host = time.card.host_name.partition(",")[0] or "The host"
    if view.face == State.REQUESTED:
        yield f"{host} is asked for this time instead of the first one."
        return
    if not time.host_asked and not time.unit_asked:
        yield "It moves at once, and everybody concerned is told."
        yield TALK
    else:
        who = [host] if time.host_asked else []
        who += ["the unit lead"] if time.unit_asked else []
        asked = " and ".join(who)
        yield f"{asked[0].upper()}{asked[1:]} {'are' if len(who) > 1 else 'is'} asked."
        yield "Until there is an answer your shift stays as it is. No answer means that it stays."
    yield "Moving is never counted as a late cancel."


def question(change: Change) -> str:
    """Ask once more, or say that it has moved on."""
    if not change.can:
        return "This has moved on" if change.state != "open" else "A change that waits"
    if change.part is By.OBSERVER:
        return "Your change waits for an answer"
    if change.kind is Kind.SWAP:
        return "Can you host {observer}?" if "accept" in change.can else "{host} is asked to host"
    return "Can {observer} come at another time?"


def what_if_yes(change: Change) -> Iterator[str]:
    """Say what a yes does, and what a no."""
    if change.part is By.OBSERVER:
        yield "Until there is an answer your shift stays as it is."
    elif change.kind is Kind.SWAP and "accept" in change.can:
        yield "With your yes you host it, and everybody concerned is told."
        yield "No answer is a no. Nobody is told why."
    elif "accept" in change.can or "approve" in change.can:
        yield "With your yes it moves, and everybody concerned is told."
        yield "No answer is a no. Then the earlier time stands, and nobody is told why."


def knows_shift(change: Change) -> bool:
    """Say whether this person may open the shift itself: a host who is only asked may not."""
    return change.part is not By.HOST or change.shift.host_id == actor().person_id


def answered(
    shift_id: UUID, answer: Answer, words: str, *, room: str = "moving"
) -> ResponseReturnValue:
    """Answer a change, or say why it cannot be; lead back to what waits."""
    try:
        answer(work(), actor(), shift_id=shift_id)
    except NotFound:
        raise
    except Refusal as refusal:
        between = isinstance(refusal, NotAvailable)
        flash(BETWEEN if between else sentence(refusal, zone(), at=now()), "warning")
        if not isinstance(refusal, NothingProposed):
            return redirect(url_for(f"{room}.answer", shift_id=shift_id), 303)
    else:
        flash(words, "success")
    return redirect(url_for("requests.waiting"), 303)
