"""Signing in: by password, by a link in the mail, and in the demo by one press. And out again."""

from __future__ import annotations

from functools import cache

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from shadowing.domain.accounts import LinkEnded
from shadowing.domain.errors import NotAllowed, NotFound
from shadowing.domain.policy import Action
from shadowing.services import demo
from shadowing.services.accounts import entering, sessions
from shadowing.web.fields import EmailField, LineField, PasswordField
from shadowing.web.forms import HouseForm
from shadowing.web.pages import ROLE_WORDS, safe_next
from shadowing.web.session import (
    actor,
    caller,
    enter,
    found,
    ground,
    leave,
    needs,
    public,
    signed_in,
    work,
)

bp = Blueprint("accounts", __name__)


class SignInForm(HouseForm):
    """Address and password."""

    email = EmailField("Work email", needed="Enter your work email.")
    password = PasswordField("Password", needed="Enter your password.")
    next = HiddenField()


class LinkForm(SignInForm):
    """The same form, of which a link by mail needs the address alone."""

    password = PasswordField("Password", needed="")


class PressForm(HouseForm):
    """One press, and where to go on afterwards."""

    role = LineField("Role", most=30)
    next = HiddenField()


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Ask who it is, and let in whoever knows their password."""
    wanted = safe_next(request.args.get("next"))
    if request.method == "GET" and found():
        return redirect(wanted, 303)
    form = SignInForm(next=wanted)
    if form.submitted():
        with form.mending():
            entered = entering.sign_in(
                work(),
                email=form.email.data or "",
                password=form.password.data or "",
                caller=caller(),
            )
            return _go_in(entered, to=form.next.data)
    return _door(form)


@bp.post("/sign-in/link")
@public
def ask_link() -> ResponseReturnValue:
    """Send a link to whoever has the address; say the same whether or not somebody has."""
    form = LinkForm()
    if form.submitted():
        with form.mending():
            entering.ask_link(
                work(),
                email=form.email.data or "",
                target=safe_next(form.next.data),
                caller=caller(),
            )
            return redirect(url_for(".link_sent"), 303)
    return _door(form)


@bp.get("/sign-in/sent")
@public
def link_sent() -> ResponseReturnValue:
    """Say where to look for the link."""
    return render_template("accounts/link_sent.html")


@bp.route("/sign-in/link/<string(length=43):token>", methods=["GET", "POST"])
@public
def use_link(token: str) -> ResponseReturnValue:
    """Ask once more before a link is used up: programs that read mail follow links, too."""
    form = PressForm()
    try:
        if form.submitted():
            entered = entering.enter_by_link(work(), token, caller=caller())
            return _go_in(entered, to=entered.target)
        entering.look_at_link(work(), token)
    except LinkEnded:
        return render_template("accounts/link_ended.html", form=LinkForm(formdata=None)), 410
    return render_template("accounts/use_link.html", form=form), form.status


@bp.post("/sign-in/as")
@public
def enter_as() -> ResponseReturnValue:
    """Let a visitor of the demo in as somebody of a role; there is no such page elsewhere."""
    if not ground().demo:
        raise NotFound(subject="page")
    form = PressForm()
    one = next((one for one in _examples() if one.role == form.role.data), None)
    if not form.submitted() or one is None:
        raise NotAllowed(subject="role")
    entered = entering.enter_as(work(), email=one.email, role=one.role, caller=caller())
    return _go_in(entered, to=form.next.data)


@bp.post("/sign-out")
@needs(Action.ACCOUNT_CHANGE)
def sign_out() -> ResponseReturnValue:
    """End this session, here and in every copy of its cookie."""
    sessions.sign_out(work(), actor(), session=signed_in().session)
    leave()
    flash("You are signed out.", "success")
    answer = redirect(url_for(".sign_in"), 303)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def _go_in(entered: entering.Entered, *, to: str | None) -> ResponseReturnValue:
    enter(entered.token)
    return redirect(safe_next(to), 303)


def _door(form: SignInForm) -> ResponseReturnValue:
    present = entering.known_among(work(), [one.email for one in _examples()])
    return render_template(
        "accounts/sign_in.html",
        form=form,
        examples=[
            (one.role, ROLE_WORDS[one.role], one.name, one.title)
            for one in _examples()
            if one.email in present
        ],
        idle_minutes=int(ground().lasting.idle.total_seconds() // 60),
    ), form.status


def _examples() -> tuple[demo.DemoAccount, ...]:
    return _of_the_demo() if ground().demo else ()


@cache
def _of_the_demo() -> tuple[demo.DemoAccount, ...]:
    return demo.accounts()
