"""The promises of one shift on a phone: read them, say what one thinks of the words, say "seen"."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from shadowing.domain.errors import NotFound, Refusal
from shadowing.domain.followup.problems import BadAnswers
from shadowing.services.followup import board, keeping
from shadowing.services.followup.keeping import NOTE_MAX
from shadowing.services.phone import Opened
from shadowing.web.fields import MOST_TEXT, AreaField, TickField
from shadowing.web.followup import words
from shadowing.web.followup.cards import card
from shadowing.web.followup.questions import Doubt, doubt, ticks
from shadowing.web.forms import HouseForm
from shadowing.web.session import work

KEY: Final = "words"


class WordsForm(HouseForm):
    """What a host says of the words of one promise."""

    between = TickField("Keep it between the two of us")
    words = AreaField("Which words would be better?", most=MOST_TEXT)


def page(opened: Opened, token: str) -> ResponseReturnValue:
    """Show the promises of the link's shift, or answer one of them."""
    if opened.shift_id is None:
        raise NotFound(subject="phone link")
    told = board.of_shift(work(), opened.actor, shift_id=opened.shift_id)
    ids = [each.shown.promise.id for each in told]
    named = {str(one): one for one in ids}.get(request.form.get("promise", ""))
    every: list[Any] = [WordsForm(prefix=_prefix(ids, one), formdata=None) for one in ids]
    sent: Any = None
    found = None
    if request.method == "POST":
        if named is None:
            raise NotFound(subject="commitment")
        sent = every[ids.index(named)] = WordsForm(prefix=_prefix(ids, named))
        if sent.submitted():
            try:
                said = _answer(opened, named, sent)
            except BadAnswers as bad:
                found = _mend(sent, bad)
            except Refusal as refusal:
                sent.refuse(refusal)
            else:
                flash(said, "success")
                return redirect(url_for("phone.link", token=token), 303)
    return render_template(
        "phone/promises.html",
        told=[(each, card(each, linked=""), form) for each, form in zip(told, every, strict=True)],
        form=sent,
        found=found,
        token=token,
        words_max=NOTE_MAX,
    ), sent.status if sent else 200


def _prefix(ids: list[UUID], one: UUID) -> str:
    return f"p{ids.index(one) + 1}-"


def _answer(opened: Opened, one: UUID, form: Any) -> str:  # noqa: ANN401 - a form of ours
    do = request.form.get("do", "")
    if do == "agree":
        between = "yes" if form.between.data else ""
        keeping.agree(work(), opened.actor, commitment_id=one, between=between)
        return "Thank you. These are the words of the promise now."
    if do == "suggest":
        fine = ticks(request.form).get(KEY, "")
        said = form.words.data or ""
        keeping.suggest(work(), opened.actor, commitment_id=one, words=said, fine=fine)
        return "Sent. Whoever promised it reads what you wrote."
    if do == "see":
        keeping.see(work(), opened.actor, commitment_id=one)
        return "Thank you. Your word closes the loop."
    raise NotFound(subject="commitment")


def _mend(form: Any, bad: BadAnswers) -> Doubt | None:  # noqa: ANN401
    """Say what is wrong, and give back what could point to a patient, if anything could."""
    found = None
    for problem in bad.problems:
        missing = problem.code == "answer_missing"
        said = "Enter the words you would like." if missing else words.wrong(problem, None)
        form.words.errors = [said]
        if problem.code == "patient_detail":
            found = doubt(problem, fine=ticks(request.form))
    return found
