"""One's own account: role, display, password, where one is signed in, the calendar feed."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from shadowing.adapters import reference
from shadowing.domain.accounts import LEAST_PASSWORD
from shadowing.domain.errors import NotAllowed
from shadowing.domain.pacing import Pace, Wish
from shadowing.domain.people import Role
from shadowing.domain.policy import Action, may
from shadowing.services.accounts import feeds, profile, sessions
from shadowing.web.agents import browser
from shadowing.web.fields import ChoiceField, IdField, LineField, PasswordField
from shadowing.web.forms import HouseForm
from shadowing.web.pages import ROLE_WORDS, safe_next
from shadowing.web.session import actor, ground, leave, needs, signed_in, work

bp = Blueprint("account", __name__)

NOT_SAID: Final = "none"
PACES: Final = {"at_once": Pace.AT_ONCE, "daily": Pace.DAILY}
WISHES: Final = {"email": Wish.EMAIL, "text": Wish.TEXT}


class RoleForm(HouseForm):
    """In which role to go on."""

    role = LineField("Role", needed="Choose a role.", most=30)


class ThemeForm(HouseForm):
    """How pages look; nothing means as the device says."""

    theme = LineField("Display", most=10)
    next = HiddenField()


class SessionForm(HouseForm):
    """Which session to end."""

    session = LineField("Session", needed="Choose where to sign out.", most=64)


class PasswordForm(HouseForm):
    """A new password, and the one there is."""

    current = PasswordField("The password you use now", needed="")
    new = PasswordField("New password", needed="Enter a new password.")


class DescribeForm(HouseForm):
    """How one describes oneself, for hosts who have a preference; nothing means not said."""

    says = ChoiceField(
        "How you describe yourself",
        choices=(
            *(
                (code, str(row["label"]))
                for code, row in reference.load().lists["self_descriptions"].items()
            ),
            (NOT_SAID, "I do not say"),
        ),
        needed="Choose one, or that you do not say.",
    )


class ReachForm(HouseForm):
    """How often and by which way one hears of news."""

    pace = ChoiceField(
        "News about shifts and promises",
        choices=(("at_once", "At once"), ("daily", "One message a day, at 7:30 am")),
        needed="Choose how often you hear of news.",
    )
    channel = ChoiceField(
        "How you hear of it",
        choices=(("email", "Email"), ("text", "Text message")),
        needed="Choose email or text message.",
    )


class FeedForm(HouseForm):
    """Of what: a unit, a program, or else one's own events."""

    unit = IdField()
    program = IdField()


class PressForm(HouseForm):
    """One press."""


@bp.get("/account")
@needs(Action.ACCOUNT_SEE)
def show() -> ResponseReturnValue:
    """Show what is kept about whoever looks, and where they are signed in."""
    return _page(PasswordForm(formdata=None))


@bp.post("/account/password")
@needs(Action.ACCOUNT_CHANGE)
def change_password() -> ResponseReturnValue:
    """Change the password, or choose the first; all other sessions end."""
    form = PasswordForm()
    if form.submitted():
        with form.mending():
            profile.change_password(
                work(),
                actor(),
                current=form.current.data or "",
                new=form.new.data or "",
                session=signed_in().session,
            )
            flash("Your password is changed. You are signed out everywhere else.", "success")
            return redirect(url_for(".show"), 303)
    return _page(form)


@bp.post("/account/messages")
@needs(Action.ACCOUNT_CHANGE)
def choose_reach() -> ResponseReturnValue:
    """Keep how often and by which way one hears of news."""
    form = ReachForm()
    if form.submitted():
        pace, channel = PACES[form.pace.data], WISHES[form.channel.data]
        with form.mending():
            profile.choose_reach(work(), actor(), pace=pace, channel=channel)
            flash("Saved. This is how you hear of news from now on.", "success")
            return redirect(url_for(".show"), 303)
    return _page(PasswordForm(formdata=None), reach=form)


@bp.post("/account/sessions/end")
@needs(Action.ACCOUNT_CHANGE)
def end_session() -> ResponseReturnValue:
    """Sign out somewhere else, or here."""
    form = SessionForm()
    if not form.submitted():
        raise NotAllowed(subject="session")
    sessions.sign_out(work(), actor(), session=form.session.data or "")
    if form.session.data == signed_in().session:
        leave()
        return redirect(url_for("accounts.sign_in"), 303)
    flash("Signed out there.", "success")
    return redirect(url_for(".show"), 303)


@bp.post("/account/sessions/end-others")
@needs(Action.ACCOUNT_CHANGE)
def end_other_sessions() -> ResponseReturnValue:
    """Sign out everywhere but here."""
    ended = sessions.sign_out_elsewhere(work(), actor(), session=signed_in().session)
    flash(f"Signed out in {ended} other place{'s' * (ended != 1)}.", "success")
    return redirect(url_for(".show"), 303)


@bp.post("/account/feed")
@needs(Action.ACCOUNT_CHANGE)
def open_feed() -> ResponseReturnValue:
    """Make a private calendar address and show it, this once."""
    token = feeds.open_feed(work(), actor(), **_feed_of())
    return _page(PasswordForm(formdata=None), feed=f"{ground().base_url}/calendar/{token}.ics")


@bp.post("/account/feed/end")
@needs(Action.ACCOUNT_CHANGE)
def close_feed() -> ResponseReturnValue:
    """End a private calendar address."""
    feeds.close_feed(work(), actor(), **_feed_of())
    flash("The calendar address no longer works.", "success")
    return redirect(url_for(".show"), 303)


@bp.post("/account/description")
@needs(Action.ACCOUNT_CHANGE)
def describe() -> ResponseReturnValue:
    """Keep how one describes oneself, or forget it."""
    form = DescribeForm()
    if not form.submitted():
        return _page(PasswordForm(formdata=None), about=form)
    chosen = form.says.data
    profile.describe(work(), actor(), says="" if chosen == NOT_SAID else chosen)
    flash("Saved. Nobody else sees it.", "success")
    return redirect(url_for(".show"), 303)


@bp.post("/account/role")
@needs(Action.ACCOUNT_CHANGE)
def choose_role() -> ResponseReturnValue:
    """Go on in another of one's roles, from the start: its pages are others."""
    form = RoleForm()
    if not form.submitted() or form.role.data not in {one.value for one in Role}:
        raise NotAllowed(subject="role")
    role = Role(form.role.data)
    sessions.choose_role(work(), actor(), session=signed_in().session, role=role)
    flash(f"You now work as: {ROLE_WORDS[role]}.", "success")
    return redirect("/", 303)


@bp.post("/account/theme")
@needs(Action.ACCOUNT_CHANGE)
def choose_theme() -> ResponseReturnValue:
    """Keep light, dark or as the device says."""
    form = ThemeForm()
    if not form.submitted():
        raise NotAllowed(subject="theme")
    profile.choose_theme(work(), actor(), theme=form.theme.data or "")
    if request.headers.get("X-Requested-With") == "fetch":
        return "", 204
    return redirect(safe_next(form.next.data), 303)


def _feed_of() -> dict[str, UUID | None]:
    form = FeedForm()
    form.validate()
    return {"unit_id": form.unit.data, "program_id": form.program.data}


def _page(
    form: PasswordForm,
    *,
    feed: str = "",
    reach: ReachForm | None = None,
    about: DescribeForm | None = None,
) -> ResponseReturnValue:
    mine = profile.account(work(), actor(), lasting=ground().lasting)
    stands = {"pace": mine.pace or "at_once", "channel": mine.channel or "email"}
    shown = reach or ReachForm(formdata=None, data=stands)
    about = about or DescribeForm(formdata=None, data={"says": mine.says or NOT_SAID})
    faulty: HouseForm = next((each for each in (shown, about) if each.errors), form)
    return render_template(
        "accounts/account.html",
        form=faulty,
        password=form,
        reach=shown,
        about=about,
        account=mine,
        roles=[ROLE_WORDS[role] for role in Role if role in mine.roles],
        sessions=[
            (one, browser(one.agent), one.digest == signed_in().session) for one in mine.sessions
        ],
        feed=feed,
        addresses=feeds.mine(work(), actor()),
        diary=may(actor(), Action.DIARY_SEE),
        least=LEAST_PASSWORD,
    ), faulty.status
