"""The start page: for each role what is next, what is owed, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from shadowing.domain.bookings.states import By
from shadowing.domain.people import Role
from shadowing.domain.policy import Action
from shadowing.services import allowances, delegates, diary, home, operations, oversight
from shadowing.services.bookings import changes, cohort_days, inviting, listing, wishing
from shadowing.services.notifications import undelivered
from shadowing.services.operations import Check
from shadowing.services.replies import looking as replies
from shadowing.web.cohort import rows as gathered
from shadowing.web.find import wishes
from shadowing.web.home import hands, words
from shadowing.web.home.words import A_FEW
from shadowing.web.inviting import pages as invited
from shadowing.web.pages import ROLE_WORDS
from shadowing.web.session import actor, needs, today, work
from shadowing.web.shifts import changed

bp = Blueprint("home", __name__)


@bp.get("/")
@needs(Action.ACCOUNT_SEE)
def start() -> ResponseReturnValue:
    """Show the start page of the role somebody acts in."""
    views: Mapping[Role, Callable[[], ResponseReturnValue]] = {
        Role.OBSERVER: _observer,
        Role.HOST: _host,
        Role.UNIT_MANAGER: _unit,
        Role.COORDINATOR: _coordinator,
        Role.HR: _hr,
        Role.SYSADMIN: _system,
    }
    return views.get(actor().role, _other)()


def _page(name: str, **told: object) -> ResponseReturnValue:
    """Render a start page; whoever books for somebody finds that here, whatever their role."""
    return render_template(name, books_for=delegates.listed(work(), actor()).others, **told)


def _observer() -> ResponseReturnValue:
    told = home.visitor(work(), actor())
    mine = [line for line in listing.ahead(work(), actor()) if line.part is By.OBSERVER]
    todo = words.todo(told.owed)
    return _page(
        "home/observer.html",
        diary=diary.show(work(), actor()),
        hello=words.hello(),
        lead=words.lead(len(mine), len(todo)),
        changes=_changes(),
        next=words.next_shift(mine[0]) if mine else None,
        seats=[row for row in wishes.rows(wishing.mine(work(), actor())) if row.seat],
        days=[gathered.row(day, today=today()) for day in cohort_days.soon(work(), actor())],
        invites=[invited.row(each) for each in inviting.waiting(work(), actor())],
        todo=todo,
        ideas=words.ideas(told.progress),
        progress=told.progress,
        missed=words.missed(told.progress),
        goal=words.share(told.progress.goal_percent),
        loops=told.loops,
    )


def _host() -> ResponseReturnValue:
    told = home.host(work(), actor())
    coming = listing.coming(work(), actor())
    asked = listing.waiting(work(), actor())
    waits = _changes()
    todo = words.todo(told.owed)
    return _page(
        "home/host.html",
        hello=words.hello(),
        lead=words.host_lead(len(coming), len(asked) + len(waits)),
        changes=waits,
        next=words.next_shift(coming[0]) if coming else None,
        asked=[words.asked(line) for line in asked[:A_FEW]],
        waiting=len(asked),
        todo=todo,
        heard=told.heard,
        loops=told.loops,
    )


def _unit() -> ResponseReturnValue:
    asked = listing.waiting(work(), actor())
    coming = listing.coming(work(), actor())
    return _page(
        "home/unit.html",
        hello=words.hello(),
        changes=_changes(),
        asked=[words.asked(line) for line in asked[:A_FEW]],
        waiting=len(asked),
        next=words.next_shift(coming[0]) if coming else None,
        coming=len(coming),
        days=cohort_days.listed(work(), actor()).total,
        loops=oversight.units(work(), actor()),
    )


def _changes() -> list[changed.Row]:
    return [changed.row(each) for each in changes.waiting(work(), actor())]


def _coordinator() -> ResponseReturnValue:
    told = oversight.program(work(), actor())
    lacking, ahead = cohort_days.lacking(work(), actor())
    return _page(
        "home/program.html",
        told=told,
        hands=[*hands.hands(told), *hands.without_meeting(lacking)],
        days=ahead,
        endings=hands.endings(told),
        waiting=len(listing.waiting(work(), actor())),
        coming=len(listing.coming(work(), actor())),
        undelivered=undelivered.count(work(), actor()),
        replies=replies.count(work(), actor()),
        exceptions=len(allowances.listed(work(), actor())),
        loops=told.loops,
    )


def _hr() -> ResponseReturnValue:
    told = oversight.taken_part(work(), actor())
    return _page("home/hr.html", told=told, loops=told.loops)


def _system() -> ResponseReturnValue:
    checks = operations.readiness(work())
    return _page(
        "home/system.html",
        checks=checks,
        lines=[_line(check) for check in checks],
        told=oversight.system(work(), actor()),
    )


def _line(check: Check) -> dict[str, str]:
    """Show a check as ``progress.checklist`` takes it."""
    told = f"{check.fault} {check.mend}" if check.fault else "Fine."
    state = "bad" if check.fault else "ok"
    return {"state": state, "text": check.name.capitalize(), "meta": told}


def _other() -> ResponseReturnValue:
    return _page("home/other.html", role=ROLE_WORDS[actor().role])
