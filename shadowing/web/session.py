"""Who is at the door: the session behind the cookie, the token behind an API call.

Closed by default: every view names who may see it.

The cookie holds a random token, signed; the session itself is a row, so that signing out ends it
everywhere at once. Under ``/api/`` only bearer tokens count and cookies never do: that is why
calls there need no protection against forged forms.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, ParamSpec, TypeVar, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Flask, current_app, g, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user

from shadowing.adapters.plain_text import one_line
from shadowing.domain.accounts import Lasting
from shadowing.domain.errors import NotAllowed, NotFound, NotSignedIn
from shadowing.domain.policy import RULES, Action, Actor
from shadowing.services import delegates
from shadowing.services.accounts import sessions, tokens
from shadowing.services.accounts.entering import Caller
from shadowing.services.accounts.sessions import SignedIn
from shadowing.services.work import Work

Args = ParamSpec("Args")
Result = TypeVar("Result")
View = Callable[Args, Result]

NAME: Final = "shadowing"
API: Final = "/api/"
FOR: Final = "books_for"
BOOKS: Final = frozenset({"find", "asking", "moving", "other_hours"})
SEES: Final = frozenset(
    {"shifts.show", "requests.mine", "moves.cancel", "moves.withdraw", "moves.undo"}
)
"""Where somebody who books for another acts for them: to find and ask, and to see what came."""
OPEN_TO_ALL: Final = "_open_to_all"
ACTIONS: Final = "_actions"


@dataclass(frozen=True, slots=True)
class Ground:
    """What every page stands on.

    Attributes:
        demo: Whether everybody may enter as anybody.
        base_url: Where addresses that leave the house begin.
        lasting: How long people stay signed in.
        ics_hosts: Calendars that may lie in our own network.
        texts: Whether text messages can be sent.
    """

    work: Work
    demo: bool
    base_url: str
    lasting: Lasting
    ics_hosts: tuple[str, ...] = ()
    texts: bool = False


class Visitor(UserMixin):  # type: ignore[misc] # Flask-Login ships no types
    """A signed-in person, as Flask-Login knows one: by the token in the cookie."""

    def __init__(self, token: str, signed_in: SignedIn | None) -> None:
        """Remember the *token* and, of a page in course, whose it is."""
        self.token = token
        self.signed_in = signed_in

    def get_id(self) -> str:
        """Return what the cookie keeps."""
        return self.token


def open_door(app: Flask, ground: Ground) -> None:
    """Set *app* on its *ground*, and have it know people by their sessions."""
    app.extensions[NAME] = ground
    manager = LoginManager()
    manager.session_protection = None
    manager.init_app(app, add_context_processor=False)
    manager.user_loader(_visitor)
    app.before_request(_closed_unless_opened)


def check_door(app: Flask) -> None:
    """Let no app start that has a view of which nobody said who may see it.

    Raises:
        LookupError: With the endpoints that name no action and are not public.
    """
    forgotten = sorted(
        name
        for name, view in app.view_functions.items()
        if name != "static" and not hasattr(view, ACTIONS) and not hasattr(view, OPEN_TO_ALL)
    )
    if forgotten:
        raise LookupError(f"say who may see them, @needs(…) or @public: {', '.join(forgotten)}")


def needs(*actions: Action) -> Callable[[View[Args, Result]], View[Args, Result]]:
    """Mark a view as one for people who may do any of *actions* at all.

    Whether they may do it to this very thing is for the service to say.
    """

    def mark(view: View[Args, Result]) -> View[Args, Result]:
        setattr(view, ACTIONS, actions)
        return view

    return mark


def public(view: View[Args, Result]) -> View[Args, Result]:
    """Mark a view as open to everybody."""
    setattr(view, OPEN_TO_ALL, True)
    return view


def _closed_unless_opened() -> None:
    """Let in whom the view is for; the others learn nothing but that there is a door."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or request.endpoint == "static" or hasattr(view, OPEN_TO_ALL):
        return
    actions = cast(tuple[Action, ...], getattr(view, ACTIONS))
    if not any(_held(actor(), action) for action in actions):
        raise NotAllowed(action=actions)


def _held(who: Actor, action: Action) -> bool:
    within = who.scopes is None or action in who.scopes
    return within and any(role in who.roles for role, _ in RULES[action])


def _visitor(token: str) -> Visitor | None:
    if is_api():
        return None
    try:
        return Visitor(token, sessions.resume(work(), token, lasting=ground().lasting))
    except NotSignedIn:
        return None


def is_api() -> bool:
    """Say whether a program asks, not a person."""
    return request.path.startswith(API)


def ground() -> Ground:
    """Return what every page stands on."""
    return cast(Ground, current_app.extensions[NAME])


def work() -> Work:
    """Return what opens transactions."""
    return ground().work


def now() -> datetime:
    """Return the instant at which this request is answered; one for all of a page."""
    if "now" not in g:
        g.now = work().clock()
    return cast(datetime, g.now)


def found() -> SignedIn | None:
    """Return who is signed in at this page, or nobody; never raises where nobody is."""
    visitor = None if is_api() else current_user._get_current_object()  # noqa: SLF001 - public by use
    return visitor.signed_in if isinstance(visitor, Visitor) else None


def signed_in() -> SignedIn:
    """Return who is signed in.

    Raises:
        NotSignedIn: Nobody is.
    """
    who = found()
    if who is None:
        raise NotSignedIn
    return who


def actor() -> Actor:
    """Return who acts: the person of the page, or of the token that an API call shows.

    Raises:
        NotSignedIn: Nobody does.
    """
    return _bearer() if is_api() else _for_somebody(signed_in().actor)


def _for_somebody(own: Actor) -> Actor:
    """Act for whom the person chose to book (B18), on the pages that book and nowhere else."""
    chosen = session.get(FOR)
    books = request.blueprint in BOOKS
    if chosen is None or not (books or request.endpoint in SEES):
        return own
    if "acting" not in g:
        try:
            g.acting = delegates.acting(work(), own, person_id=UUID(str(chosen)))
        except (NotFound, ValueError):
            session.pop(FOR, None)
            return own
    found = cast(Actor, g.acting)
    return found if books or Action.SHIFT_SEE in (found.scopes or ()) else own


def _bearer() -> Actor:
    if "bearer" not in g:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or not token.strip():
            raise NotSignedIn
        g.bearer = tokens.actor_of_token(work(), token=token.strip())
    return cast(Actor, g.bearer)


def zone() -> str:
    """Name the zone of whoever looks; UTC for nobody."""
    who = None if is_api() else found()
    return who.zone if who else "UTC"


def today() -> date:
    """Return the day it is where whoever looks works."""
    return now().astimezone(ZoneInfo(zone())).date()


def enter(token: str) -> None:
    """Give the browser a session of its own, fresh: nothing from before signing in stays."""
    session.clear()
    login_user(Visitor(token, None))


def leave() -> None:
    """Take everything back that the browser was given."""
    session.clear()


def caller() -> Caller:
    """Say where this request comes from."""
    return Caller(
        address=request.remote_addr or "",
        agent=one_line(request.headers.get("User-Agent", ""))[:200],
    )
