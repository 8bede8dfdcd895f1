"""The command line: each command a few lines on a service.

Exit status 0 when done, 1 with one plain sentence on stderr when refused, 2 when used wrongly.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import IO, Any, Final, NoReturn, ParamSpec, TypeVar

import click
from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError

from shadowing import __version__, serving, worker
from shadowing.adapters.busy.document import busy_document, window_of
from shadowing.adapters.replies.reading import LARGEST as LARGEST_LETTER
from shadowing.app import make_work
from shadowing.config import BadSettings, Settings, load
from shadowing.domain.accounts import SCOPES
from shadowing.domain.availability.clock import zone_named
from shadowing.domain.availability.document import expand
from shadowing.domain.errors import BadValue, Refusal
from shadowing.domain.people import Role
from shadowing.logs import to_stderr
from shadowing.services import demo, operations
from shadowing.services.accounts import newcomers, tokens
from shadowing.services.availability import leavers
from shadowing.services.bookings import leavers as shift_leavers
from shadowing.services.bookings import replying
from shadowing.services.people import importing
from shadowing.services.replies import receiving
from shadowing.services.work import Work, epoch_seconds
from shadowing.store import migrations
from shadowing.web.pages import ROLE_WORDS
from shadowing.web.people.words import WHAT, worded
from shadowing.web.sentences import field_of, sentence

Args = ParamSpec("Args")
Result = TypeVar("Result")

MOST_PROCESSES: Final = 32
LARGEST_FILE: Final = 10 * 1024 * 1024


class Plain(click.ClickException):
    """A sentence and nothing else, on stderr."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the sentence."""
        click.echo(self.message, file=file, err=True)


class House(click.Group):
    """A group of commands whose refusals come as one plain sentence."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own
        """Run a command; word what it refuses."""
        try:
            return super().invoke(ctx)
        except BadValue as refusal:
            raise Plain(f"{field_of(refusal)}: {sentence(refusal)}") from refusal
        except Refusal as refusal:
            raise Plain(sentence(refusal)) from refusal
        except BadSettings as bad:
            raise Plain(" ".join(bad.faults)) from bad
        except SQLAlchemyError as error:
            said = "The database does not answer as it should. Run: shadowing doctor"
            raise Plain(said) from error


def refuse(words: str) -> NoReturn:
    """End with a sentence and exit status 1."""
    raise Plain(words)


def opened(command: Callable[..., Result]) -> Callable[..., Result]:
    """Give a command the settings and what opens transactions."""

    @wraps(command)
    def run(*args: object, **kwargs: object) -> Result:
        settings = load()
        work = make_work(settings)
        try:
            return command(settings, work, *args, **kwargs)
        finally:
            work.engine.dispose()

    return run


@click.group(cls=House)
@click.version_option(__version__, prog_name="shadowing")
def cli() -> None:
    """Shadowing: leaders beside the people who do the work, and what comes of it."""


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option(
    "--workers",
    type=click.IntRange(1, MOST_PROCESSES),
    default=min(4, os.cpu_count() or 1),
    show_default=True,
    help="Processes that answer.",
)
@click.option("--no-worker", is_flag=True, help="Run no background worker beside.")
@opened
def serve(
    settings: Settings, work: Work, *, host: str, port: int, workers: int, no_worker: bool
) -> None:
    """Serve the pages, with the background worker beside."""
    if operations.behind(work):
        refuse("The database is at another version than this program. Run: shadowing db upgrade")
    if serving.taken(host, port):
        refuse(f"Somebody listens at {host}:{port} already. Choose another port with --port.")
    work.engine.dispose()
    os.environ.update(serving.share_clock(os.environ, epoch_seconds()))
    serving.serve(
        host=host,
        port=port,
        processes=workers,
        beside=() if no_worker else serving.worker_command(),
        started=lambda: _greet(settings, host, port),
    )


def _greet(settings: Settings, host: str, port: int) -> None:
    name = f"[{host}]" if ":" in host else host
    click.echo(f"Shadowing is at http://{name}:{port}")
    if settings.demo:
        click.echo("Everybody in the demo is made up: sign in there with one press, as:")
        for one in demo.accounts():
            click.echo(f"  {ROLE_WORDS[one.role]:<20}  {one.name}, {one.title}")
    click.echo("Stop with Ctrl-C.")


@cli.command("worker")
@click.option("--once", is_flag=True, help="Do what is due and end.")
@click.option("--beside", type=int, hidden=True, help="End when this process is gone.")
@opened
def run_worker(settings: Settings, work: Work, *, once: bool, beside: int | None) -> None:
    """Send what waits and do what is due; many may run."""
    to_stderr()
    if once:
        worker.run_once(work, settings)
        return
    stop = threading.Event()
    serving.stop_on_signals(stop)
    if beside is not None:
        serving.leave_with(beside, stop.set)
    worker.run_forever(work, settings, stop)


@cli.group(cls=House)
def db() -> None:
    """The database's versions."""


@db.command()
@opened
def upgrade(_settings: Settings, work: Work) -> None:
    """Bring the database to the version of this program; creates it where there is none."""
    migrations.upgrade(work.engine)


@db.command()
@click.argument("rev")
@opened
def downgrade(_settings: Settings, work: Work, *, rev: str) -> None:
    """Take the database back to version REV ("base" empties it)."""
    try:
        migrations.downgrade(work.engine, to=rev)
    except CommandError as error:
        refuse(f"There is no version {rev} to go back to. {error}")


@db.command()
@opened
def check(_settings: Settings, work: Work) -> None:
    """See whether the database is as this program wants it."""
    if operations.behind(work):
        refuse("The database is at another version than this program. Run: shadowing db upgrade")
    if found := migrations.differences(work.engine):
        refuse(f"The database differs from this program: {'; '.join(found)}")
    click.echo("The database is as it should be.")


@cli.group("demo", cls=House)
def demo_group() -> None:
    """The fictional hospital."""


@demo_group.command("load")
@click.option("--password", help="Everybody's password; without one, links and one press remain.")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="The day it counts from.")
@click.option("--if-empty", is_flag=True, help="Do nothing where people are there already.")
@opened
def load_demo(
    _settings: Settings,
    work: Work,
    *,
    password: str | None,
    today: datetime | None,
    if_empty: bool,
) -> None:
    """Load the fictional hospital into an empty database; print one account per role."""
    if if_empty and not demo.is_empty(work):
        return
    day = today.date() if today else demo.today(work)
    for one in demo.load(work, password=password, today=day):
        click.echo(f"{ROLE_WORDS[one.role]:<20}  {one.email:<38}  {one.name}, {one.title}")


@cli.group(cls=House)
def person() -> None:
    """People."""


@person.command("add")
@click.option("--name", required=True)
@click.option("--email", required=True)
@click.option(
    "--role",
    "roles",
    type=click.Choice([role.value for role in Role]),
    multiple=True,
    required=True,
)
@click.option("--organization", default="", help="Name or code; the largest unless named.")
@opened
def add_person(
    settings: Settings,
    work: Work,
    *,
    name: str,
    email: str,
    roles: tuple[str, ...],
    organization: str,
) -> None:
    """Add a person; print a link by which they sign in, once, within a day."""
    token = newcomers.add_person(
        work,
        name=name,
        email=email,
        roles=[Role(role) for role in roles],
        organization=organization,
    )
    click.echo(f"{settings.base_url}/sign-in/link/{token}")


@cli.group(cls=House)
def roster() -> None:
    """The roster as a file."""


@roster.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")
@click.option("--organization", default="", help="Name or code; the largest unless named.")
@opened
def import_roster(
    _settings: Settings, work: Work, *, file: Path, dry_run: bool, organization: str
) -> None:
    """Create, update and deactivate people as FILE says: all of it, or nothing."""
    if file.stat().st_size > LARGEST_FILE:
        refuse(f"Split the file. It is larger than {LARGEST_FILE // 1024 // 1024} MB.")
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        refuse("Save the file as CSV in UTF-8, then import it again.")
    report = importing.from_file(work, text, actor=None, organization=organization, dry_run=dry_run)
    for fault in report.faults:
        click.echo(worded(fault), err=True)
    if report.faults:
        refuse(f"{len(report.faults)} to mend. Nothing was changed.")
    if not dry_run:
        shift_leavers.end_due(work)
        leavers.close_due(work)
    would = "Would be: " if dry_run else ""
    click.echo(would + ", ".join(f"{report.number(what)} {what}" for what in WHAT))


@cli.group(cls=House)
def token() -> None:
    """API tokens."""


@token.command("create")
@click.option("--person", "email", required=True, metavar="EMAIL")
@click.option(
    "--scope", "scopes", multiple=True, help=f"Any of: {', '.join(SCOPES)}; all unless named."
)
@click.option("--role", type=click.Choice([role.value for role in Role]), help="To act in.")
@opened
def create_token(
    _settings: Settings, work: Work, *, email: str, scopes: tuple[str, ...], role: str | None
) -> None:
    """Make an API token and print it, this once."""
    chosen = Role(role) if role else None
    click.echo(tokens.create_token(work, email=email, scopes=scopes, role=chosen))


@cli.group(cls=House)
def availability() -> None:
    """When somebody may be shadowed."""


@availability.command("expand")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def expand_file(file: Path) -> None:
    """Print windows and slots in UTC for the patterns in FILE."""
    try:
        with file.open("rb") as opened_file:
            document = json.loads(opened_file.read(LARGEST_FILE))
    except (OSError, ValueError, RecursionError):
        refuse(f"{file}: this is no JSON that can be read.")
    click.echo(json.dumps(expand(document), indent=2))


@cli.group(cls=House)
def calendar() -> None:
    """Calendar files."""


@calendar.command("busy")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--from", "start", required=True, help="An instant, like 2027-03-08T14:00:00Z.")
@click.option("--to", "end", required=True, help="Likewise; exclusive.")
@click.option("--zone", required=True, help="Of the person, like America/Chicago.")
@click.option("--owner", default="", metavar="EMAIL", help="What they declined does not block.")
def busy_time(*, file: Path, start: str, end: str, zone: str, owner: str) -> None:
    """Print the busy time of a calendar file."""
    try:
        place = zone_named(zone)
        asked = window_of(start, end, zone=place)
    except BadValue as refusal:
        raise click.UsageError(sentence(refusal)) from refusal
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    with file.open("rb") as opened_file:
        data = opened_file.read(LARGEST_FILE + 1)
    told = busy_document(data, window=asked, zone=place, owner=owner)
    click.echo(json.dumps(told, indent=2, ensure_ascii=False))
    if told["outcome"] != "ok":
        raise SystemExit(1)


@calendar.command("receive")
@click.argument("file", type=click.File("rb"), default="-")
@opened
def receive_reply(settings: Settings, work: Work, *, file: IO[bytes]) -> None:
    """Read one e-mail from FILE or standard input and do what the calendar reply in it says."""
    raw = file.read(LARGEST_LETTER + 1)
    done = receiving.receive(work, raw, ours=settings.mail_from, relay=settings.mail_relay)
    replying.run(work)
    click.echo(" ".join(filter(None, (done.outcome, done.why))))


@cli.command()
def doctor() -> None:
    """Look whether all is well; say what is wrong and how to mend it."""
    found = _examine()
    for one in found:
        state = "WRONG" if one.fault else "ok"
        click.echo(f"{state:<6}{one.name:<12}{one.fault} {one.mend}".rstrip())
    if any(one.fault for one in found):
        raise SystemExit(1)


def _examine() -> tuple[operations.Check, ...]:
    try:
        settings = load()
    except BadSettings as bad:
        return tuple(operations.Check("settings", fault) for fault in bad.faults)
    work = make_work(settings)
    try:
        return (
            operations.Check("settings"),
            *operations.readiness(work),
            operations.mail(work, mail_url=settings.mail_url, base=settings.home),
            operations.diaries(work),
            operations.clock(work),
            operations.disk(settings.instance),
        )
    finally:
        work.engine.dispose()


def main() -> None:
    """Run the command that was typed."""
    cli(prog_name="shadowing")
