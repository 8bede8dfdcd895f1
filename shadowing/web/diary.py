"""A person's own diary: connect it by address or file, see how old it is, disconnect it."""

from __future__ import annotations

from contextlib import closing
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import FileField

from shadowing.adapters.busy.lines import LARGEST
from shadowing.domain.people import Role
from shadowing.domain.policy import Action
from shadowing.services import diary
from shadowing.services.availability import horizon
from shadowing.web.fields import LineField
from shadowing.web.forms import HouseForm
from shadowing.web.session import actor, ground, needs, work

bp = Blueprint("diary", __name__)

ROOM_FOR_A_FORM: Final = 64 * 1024
PROBLEMS: Final = {
    "private_address": "that address lies in a network we do not go into",
    "unreachable": "nobody answers at that address",
    "too_slow": "it took too long to answer",
    "too_large": "it is larger than 10 MB",
    "coded": "it comes packed in a way we do not open",
    "too_many_redirects": "it leads on and on to other addresses",
    "refused": "it does not give the calendar out: the address may have ended",
    "bad_address": "it leads on to an address that cannot be read",
}


class AddressForm(HouseForm):
    """Where is it?"""

    address = LineField("Calendar address", needed="Enter the address of your calendar.")


class UploadForm(HouseForm):
    """Which file is it?"""

    file = FileField("Calendar file")


@bp.url_value_preprocessor
def _room_for_a_file(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let one address take a file; before anything reads the body, and the form's token with it."""
    if endpoint == "diary.upload":
        request.max_content_length = LARGEST + ROOM_FOR_A_FORM


@bp.get("/availability/diary")
@needs(Action.DIARY_SEE)
def show() -> ResponseReturnValue:
    """Show the diary, or the ways to connect one."""
    return _page(AddressForm(formdata=None), UploadForm(formdata=None))


@bp.post("/availability/diary")
@needs(Action.DIARY_CHANGE)
def connect() -> ResponseReturnValue:
    """Connect a diary by its address."""
    form = AddressForm()
    if form.submitted():
        with form.mending():
            diary.connect(
                work(), actor(), address=form.address.data or "", allowed=ground().ics_hosts
            )
            flash("Connected. It is read within a minute.", "success")
            return _back()
    return _page(form, UploadForm(formdata=None))


@bp.post("/availability/diary/file")
@needs(Action.DIARY_CHANGE)
def upload() -> ResponseReturnValue:
    """Read a calendar file."""
    form = UploadForm()
    if form.submitted():
        with form.mending():
            diary.upload(work(), actor(), data=_sent())
            horizon.follow_diary(work(), actor())
            flash("Read. Your open shifts follow it.", "success")
            return _back()
    return _page(AddressForm(formdata=None), form)


def _sent() -> bytes:
    sent = request.files.get("file")
    if sent is None:
        return b""
    with closing(sent):
        data: bytes = sent.read(LARGEST + 1)
        return data


@bp.post("/availability/diary/end")
@needs(Action.DIARY_CHANGE)
def end() -> ResponseReturnValue:
    """Forget the diary."""
    diary.disconnect(work(), actor())
    horizon.follow_diary(work(), actor())
    flash("Disconnected. Everything read of it is gone.", "success")
    return _back()


def _page(by_address: AddressForm, by_file: UploadForm) -> ResponseReturnValue:
    shown = diary.show(work(), actor())
    faulty: HouseForm = by_file if by_file.errors else by_address
    page = render_template(
        "diary/show.html",
        diary=shown,
        why=PROBLEMS.get(shown.problem, shown.problem),
        by_address=by_address,
        by_file=by_file,
        faulty=faulty,
        host=actor().role is Role.HOST,
    )
    return page, faulty.status


def _back() -> ResponseReturnValue:
    return redirect(url_for(".show"), 303)
