"""How a host hosts: who stands in, who may come close, and stopping; with the backup's own page."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its types

from shadowing.adapters import reference
from shadowing.domain.policy import Action
from shadowing.services.availability import leaving, preferences, week
from shadowing.services.availability.leaving import ShiftsAhead
from shadowing.services.bookings import backups, closing_hours
from shadowing.services.bookings.backups import Mine
from shadowing.web.fields import ChoiceField, MenuField
from shadowing.web.forms import HouseForm
from shadowing.web.session import actor, needs, work

bp = Blueprint("hosting", __name__)

ANYBODY: Final = "anyone"
AGREED: Final = "agreed"
MOST_AGREED: Final = 400


class BackupForm(HouseForm):
    """Whom to ask."""

    backup = MenuField("Who stands in", coerce=UUID, needed="Choose a colleague.")

    def offer(self, mine: Mine) -> None:
        """Fill the menu with the colleagues of one's unit."""
        named = mine.own.backup_id if mine.own else None
        others = [(str(id_), name) for id_, name in mine.colleagues if id_ != named]
        self.backup.choices = [
            SelectChoice("", "Choose"),
            *(SelectChoice(*each) for each in others),
        ]


class PreferenceForm(HouseForm):
    """Whom a host prefers beside them where care is intimate."""

    prefers = ChoiceField(
        "Who may be beside you",
        choices=(
            (ANYBODY, "Anyone"),
            *(
                (code, str(row["host"]))
                for code, row in reference.load().lists["self_descriptions"].items()
            ),
        ),
        needed="Choose who may be beside you.",
    )


@bp.get("/availability/hosting")
@needs(Action.AVAILABILITY_SEE)
def show() -> ResponseReturnValue:
    """Show how one hosts."""
    return _page()


@bp.post("/availability/hosting/backup")
@needs(Action.AVAILABILITY_CHANGE)
def name_backup() -> ResponseReturnValue:
    """Ask a colleague to stand in."""
    form = BackupForm()
    form.offer(backups.mine(work(), actor()))
    if form.submitted():
        with form.mending():
            backups.name(work(), actor(), person_id=form.backup.data)
            flash("Asked. They decide; you see it here.", "success")
            return redirect(url_for(".show"), 303)
    return _page(backup=form)


@bp.post("/availability/hosting/backup/end")
@needs(Action.AVAILABILITY_CHANGE)
def end_backup() -> ResponseReturnValue:
    """Go on without a backup."""
    backups.drop(work(), actor())
    flash("You have no backup now. Your unit’s lead stands in.", "success")
    return redirect(url_for(".show"), 303)


@bp.post("/availability/hosting/preference")
@needs(Action.AVAILABILITY_CHANGE)
def prefer() -> ResponseReturnValue:
    """Keep whom one prefers."""
    form = PreferenceForm()
    if not form.submitted():
        return _page(preference=form)
    chosen = form.prefers.data
    preferences.prefer(work(), actor(), prefers="" if chosen == ANYBODY else chosen)
    flash("Saved. Nobody is told.", "success")
    return redirect(url_for(".show"), 303)


@bp.get("/availability/hosting/stop")
@needs(Action.AVAILABILITY_CHANGE)
def ask_to_stop() -> ResponseReturnValue:
    """List what ends when one stops."""
    return _stop_page()


@bp.post("/availability/hosting/stop")
@needs(Action.AVAILABILITY_CHANGE)
def stop() -> ResponseReturnValue:
    """Stop hosting; whoever was to come is told "not available"."""
    try:
        leaving.leave(work(), actor(), agreed=_agreed())
    except ShiftsAhead:
        return _stop_page()
    closing_hours.cancel_own(work(), actor())
    flash("You have stopped hosting. Thank you for every shift you shared.", "success")
    return redirect(url_for("availability.show"), 303)


@bp.post("/availability/hosting/start")
@needs(Action.AVAILABILITY_CHANGE)
def start() -> ResponseReturnValue:
    """Host again."""
    leaving.come_back(work(), actor())
    flash("You host again. Your hours are offered as they stand here.", "success")
    return redirect(url_for("availability.show"), 303)


@bp.get("/availability/backup/<uuid:backup_id>")
@needs(Action.AVAILABILITY_SEE)
def asked(backup_id: UUID) -> ResponseReturnValue:
    """Show what a colleague asks, or that one stands in already."""
    naming = backups.asked(work(), actor(), backup_id=backup_id)
    return render_template("hosting/backup.html", naming=naming)


@bp.post("/availability/backup/<uuid:backup_id>/yes")
@needs(Action.AVAILABILITY_CHANGE)
def agree(backup_id: UUID) -> ResponseReturnValue:
    """Stand in."""
    backups.agree(work(), actor(), backup_id=backup_id)
    flash("You stand in from now on. You can stop at any time.", "success")
    return redirect(url_for(".show"), 303)


@bp.post("/availability/backup/<uuid:backup_id>/no")
@needs(Action.AVAILABILITY_CHANGE)
def leave(backup_id: UUID) -> ResponseReturnValue:
    """Say no, or stop."""
    backups.leave(work(), actor(), backup_id=backup_id)
    flash("You do not stand in. Your colleague knows.", "success")
    return redirect(url_for(".show"), 303)


def _page(
    *, backup: BackupForm | None = None, preference: PreferenceForm | None = None
) -> ResponseReturnValue:
    mine = backups.mine(work(), actor())
    if backup is None:
        backup = BackupForm(formdata=None)
        backup.offer(mine)
    if preference is None:
        prefers = preferences.preferred(work(), actor())
        preference = PreferenceForm(formdata=None, data={"prefers": prefers or ANYBODY})
    faulty: HouseForm = backup if backup.errors else preference
    return (
        render_template(
            "hosting/show.html",
            mine=mine,
            week=week.week(work(), actor()),
            backup=backup,
            preference=preference,
            faulty=faulty,
            errors=faulty.errors,
        ),
        faulty.status,
    )


def _stop_page() -> ResponseReturnValue:
    shown = week.week(work(), actor())
    return render_template("hosting/stop.html", visits=leaving.ahead(work(), actor()), week=shown)


def _agreed() -> tuple[UUID, ...]:
    found: list[UUID] = []
    for text in request.form.getlist(AGREED)[:MOST_AGREED]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return tuple(found)
