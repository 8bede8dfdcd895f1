"""People from a file: chosen, looked at line by line, and then imported."""

from __future__ import annotations

import re
from contextlib import closing
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from shadowing.domain.policy import Action
from shadowing.domain.roster_file import COLUMNS, REQUIRED
from shadowing.services.availability import leavers
from shadowing.services.bookings import leavers as shift_leavers
from shadowing.services.people import importing
from shadowing.services.people.importing import Report
from shadowing.web.people.words import WHAT, reason
from shadowing.web.session import actor, needs, work

bp = Blueprint("people_import", __name__)

LARGEST: Final = 512 * 1024
MOST_SHOWN: Final = 200
UNSEEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
"""What no page can show; a blank stands in its place."""


@bp.get("/people/import")
@needs(Action.PERSON_CHANGE)
def choose() -> ResponseReturnValue:
    """Ask for a file."""
    return _page()


@bp.post("/people/import")
@needs(Action.PERSON_CHANGE)
def load() -> ResponseReturnValue:
    """Say what a file would do, or what is wrong with it; with a second press, do it."""
    text, problem = _sent()
    if problem:
        return _page(problem=problem)
    sure = request.form.get("sure") == "yes"
    report = importing.from_file(work(), text, actor=actor(), dry_run=not sure)
    if not sure or report.faults:
        return _page(report=report, text=text)
    shift_leavers.end_due(work())
    leavers.close_due(work())
    flash(f"Imported: {_said(report)}.", "success")
    return redirect(url_for("people.index"), 303)


def _sent() -> tuple[str, str]:
    """Read the file, or the one that was looked at before; say what is wrong with it."""
    again = request.form.get("text", "")
    if again:
        return UNSEEN.sub(" ", again.replace("\r\n", "\n")), ""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return "", "Choose a file."
    with closing(sent):
        data: bytes = sent.read(LARGEST + 1)
    if len(data) > LARGEST:
        return "", "Split the file, or ask a system administrator. It is larger than 512 KB."
    try:
        return UNSEEN.sub(" ", data.decode("utf-8-sig")), ""
    except UnicodeDecodeError:
        return "", "Save the file as CSV in UTF-8, then choose it again."


def _said(report: Report) -> str:
    return ", ".join(f"{report.number(what)} {what}" for what in WHAT)


def _page(
    *, report: Report | None = None, text: str = "", problem: str = ""
) -> ResponseReturnValue:
    faults = report.faults if report else ()
    rows = [row for row in report.rows if row.what != "same"] if report else []
    page = render_template(
        "people/import.html",
        report=report,
        problem=problem,
        said=_said(report) if report else "",
        faults=[
            {"line": fault.line, "column": fault.column or "–", "why": reason(fault)}
            for fault in faults[:MOST_SHOWN]
        ],
        faults_in_all=len(faults),
        rows=rows[:MOST_SHOWN],
        rows_in_all=len(rows),
        text=text if report and not faults else "",
        required=", ".join(REQUIRED),
        others=", ".join(COLUMNS[len(REQUIRED) :]),
    )
    return page, 422 if problem or faults else 200
