"""You saw, we did: promises made, agreed, kept or answered, and the board of them all."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from shadowing.domain.errors import Refusal
from shadowing.domain.followup.commitments import ACTION_MAX
from shadowing.domain.followup.moves import Commitment as State
from shadowing.domain.followup.problems import BadAnswers
from shadowing.domain.people import Role
from shadowing.domain.policy import Action
from shadowing.services.followup import board, keeping, promising
from shadowing.services.followup.board import PAGE, Promised
from shadowing.services.followup.keeping import NOTE_MAX, News
from shadowing.web.fields import MOST_TEXT, AreaField, ChoiceField, DayField, TickField
from shadowing.web.followup import words
from shadowing.web.followup.cards import card
from shadowing.web.followup.promises import PromiseForm
from shadowing.web.followup.questions import Doubt, doubt, ticks
from shadowing.web.forms import HouseForm
from shadowing.web.pages import page_number
from shadowing.web.session import actor, needs, work

bp = Blueprint("commitments", __name__)

STATES: Final = (
    ("", "Everything"),
    ("late", "Late"),
    ("in-time", "In time"),
    ("done", "Done"),
    ("declined", "Can’t change, and why"),
)


class WordsForm(HouseForm):
    """Other words for a promise, suggested by its host or given by its owner."""

    words = AreaField("Which words would be better?", most=MOST_TEXT)


class UpdateForm(HouseForm):
    """How far a promise is."""

    state = ChoiceField(
        "How far is it?",
        choices=[
            (State.IN_PROGRESS, "It is under way"),
            (State.DONE, "It is done"),
            (State.DECLINED, "I can’t change this, and I’ll say why"),
        ],
        needed="Choose how far it is.",
    )
    note = AreaField(
        "In one or two sentences",
        most=MOST_TEXT,
        description="What happened, what shows that it is done, or why it cannot be.",
    )
    due = DayField(
        "Another date",
        description="Only if it takes longer. Lateness still counts from the first date.",
    )


class AgreeForm(HouseForm):
    """The host's yes."""

    between = TickField("Keep it between the two of us, off the board")


@bp.get("/commitments")
@needs(Action.COMMITMENT_SEE, Action.PARTICIPATION_SEE)
def index() -> ResponseReturnValue:
    """Show the board; HR sees how many promises were kept, and nobody's."""
    if actor().role is Role.HR:
        return render_template("commitments/totals.html", tally=board.totals(work(), actor()))
    number, state = page_number(), request.args.get("state", "")
    state = state if state in dict(STATES) else ""
    shown = board.show(work(), actor(), tab=request.args.get("tab", ""), state=state, number=number)
    return render_template(
        "commitments/index.html",
        board=shown,
        cards=[(card(one), one) for one in shown.promises],
        state=state,
        states=STATES,
        number=number,
        more=number * PAGE < shown.matching,
    )


@bp.route("/commitments/new/<uuid:shift_id>", methods=["GET", "POST"])
@needs(Action.COMMITMENT_MAKE)
def new(shift_id: UUID) -> ResponseReturnValue:
    """Ask for one to three promises, or a reason for none."""
    sheet = promising.prepare(work(), actor(), shift_id=shift_id)
    asked = PromiseForm(sheet)
    if asked.form.submitted():
        fine = ticks(request.form)
        try:
            made = promising.make(work(), actor(), shift_id=shift_id, wish=asked.wish(fine))
        except BadAnswers as bad:
            asked.mend(bad, fine=fine)
        except Refusal as refusal:
            asked.form.refuse(refusal)
        else:
            said = "Promised" if made else "Sent"
            flash(f"{said}. {sheet.host.first} is told.", "success")
            return redirect(url_for("reflections.both", shift_id=shift_id), 303)
    return (
        render_template("commitments/new.html", sheet=sheet, asked=asked, form=asked.form),
        asked.form.status,
    )


@bp.get("/commitments/<uuid:commitment_id>")
@needs(Action.COMMITMENT_SEE)
def show(commitment_id: UUID) -> ResponseReturnValue:
    """Tell the story of one promise."""
    return _story(board.story(work(), actor(), commitment_id=commitment_id))


@bp.post("/commitments/<uuid:commitment_id>/agree")
@needs(Action.COMMITMENT_AGREE)
def agree(commitment_id: UUID) -> ResponseReturnValue:
    """The host says that these words are fine."""
    form = AgreeForm()
    form.submitted()
    between = "yes" if form.between.data else ""
    keeping.agree(work(), actor(), commitment_id=commitment_id, between=between)
    flash("Agreed. You hear of every step.", "success")
    return _back(commitment_id)


@bp.post("/commitments/<uuid:commitment_id>/words")
@needs(Action.COMMITMENT_AGREE, Action.COMMITMENT_UPDATE)
def reword(commitment_id: UUID) -> ResponseReturnValue:
    """The host suggests other words; the owner gives some."""
    told = board.story(work(), actor(), commitment_id=commitment_id)
    form = WordsForm()
    found = None
    if form.submitted():
        change = keeping.suggest if told.part == "host" else keeping.reword
        fine = ticks(request.form).get("words", "")
        try:
            change(
                work(), actor(), commitment_id=commitment_id, words=form.words.data or "", fine=fine
            )
        except BadAnswers as bad:
            found = _mend(form, bad, empty={"words": "Enter the words you would like."})
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash("Sent.", "success")
            return _back(commitment_id)
    return _story(told, words_form=form, found=found)


@bp.post("/commitments/<uuid:commitment_id>/update")
@needs(Action.COMMITMENT_UPDATE)
def update(commitment_id: UUID) -> ResponseReturnValue:
    """The owner says how far it is; the host is told."""
    told = board.story(work(), actor(), commitment_id=commitment_id)
    form = UpdateForm()
    found = None
    if form.submitted():
        news = News(
            state=State(form.state.data),
            note=form.note.data or "",
            due=form.due.data,
            fine=ticks(request.form).get("note", ""),
        )
        try:
            keeping.update(work(), actor(), commitment_id=commitment_id, news=news)
        except BadAnswers as bad:
            found = _mend(form, bad, empty={"note": "Say in a sentence how it stands."})
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash("Added. Your host is told.", "success")
            return _back(commitment_id)
    return _story(told, update_form=form, found=found)


@bp.post("/commitments/<uuid:commitment_id>/seen")
@needs(Action.COMMITMENT_AGREE)
def seen(commitment_id: UUID) -> ResponseReturnValue:
    """The host has seen what became of it."""
    keeping.see(work(), actor(), commitment_id=commitment_id)
    flash("Thank you. The loop is closed.", "success")
    return _back(commitment_id)


def _back(commitment_id: UUID) -> ResponseReturnValue:
    return redirect(url_for(".show", commitment_id=commitment_id), 303)


def _mend(form: Any, bad: BadAnswers, *, empty: dict[str, str]) -> Doubt | None:  # noqa: ANN401
    """Say what is wrong, and give back what could point to a patient, if anything could."""
    found = None
    for problem in bad.problems:
        missing = problem.code == "answer_missing"
        said = empty[problem.key] if missing else words.wrong(problem, None)
        form[problem.key].errors = [said]
        if problem.code == "patient_detail":
            found = doubt(problem, fine=ticks(request.form))
    return found


def _story(
    told: Promised,
    *,
    words_form: WordsForm | None = None,
    update_form: UpdateForm | None = None,
    found: Doubt | None = None,
) -> ResponseReturnValue:
    sent: Any = words_form or update_form
    page = render_template(
        "commitments/show.html",
        told=told,
        card=card(told, linked=""),
        form=sent,
        words_form=words_form or WordsForm(formdata=None),
        update_form=update_form or UpdateForm(formdata=None),
        agree_form=AgreeForm(formdata=None),
        words_max=NOTE_MAX if told.part == "host" else ACTION_MAX,
        note_max=NOTE_MAX,
        found=found,
    )
    return page, sent.status if sent else 200
