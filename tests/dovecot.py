"""A real IMAP server of our own: on the loopback, with one mailbox, gone when it is not needed."""

import grp
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from tests.postgresql import free_port

USER, PASSWORD = "office", "a p/ss word"
SEARCHED = f"{os.environ.get('PATH', '')}:/usr/sbin"
PATIENCE = 20
NUMBERS = count(1)
CONFIGURED = """
protocols = imap
base_dir = {home}/run
log_path = {home}/log
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
mail_location = maildir:{home}/mail
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {home}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}
}}
"""


@dataclass(frozen=True)
class Server:
    """A server that runs."""

    home: Path
    port: int

    @property
    def url(self):
        """The address of its mailbox, as IMAP_URL."""
        word = PASSWORD.replace("/", "%2F").replace(" ", "%20")
        return f"imap://{USER}:{word}@127.0.0.1:{self.port}/INBOX?tls=none"

    def deliver(self, raw):
        """Lay one letter into the mailbox."""
        path = self.home / "mail" / "new" / f"{next(NUMBERS):09}.letter.here"
        path.write_bytes(raw)
        shutil.chown(path, *_owner())


@contextmanager
def running():
    """Run a server until the block ends."""
    program = shutil.which("dovecot", path=SEARCHED)
    assert program, "dovecot is not there: python tools/prepare.py"
    home = Path(tempfile.mkdtemp(prefix="shadowing-imap-"))
    home.chmod(0o755)
    for folder in ("mail/new", "mail/cur", "mail/tmp", "run"):
        (home / folder).mkdir(parents=True)
    uid, gid = _owner()
    for path in (home / "mail", *(home / "mail").iterdir()):
        shutil.chown(path, uid, gid)
    (home / "users").write_text(f"{USER}:{PASSWORD}:::::\n")
    server = Server(home, free_port())
    (home / "conf").write_text(CONFIGURED.format(home=home, port=server.port, **_names()))
    command = [program, "-F", "-c", str(home / "conf")]
    with subprocess.Popen(command) as process:  # noqa: S603 - our own command
        try:
            _wait(server, process)
            yield server
        finally:
            process.terminate()
            process.wait(PATIENCE)
            shutil.rmtree(home, ignore_errors=True)


def _owner():
    """Give whose the mail is: root's server hands it to somebody who is not root."""
    if os.geteuid():
        return os.geteuid(), os.getegid()
    mail = pwd.getpwnam("mail")
    return mail.pw_uid, mail.pw_gid


def _names():
    uid, gid = _owner()
    me, mine = pwd.getpwuid(os.geteuid()).pw_name, grp.getgrgid(os.getegid()).gr_name
    root = not os.geteuid()
    return {
        "internal": "dovecot" if root else me,
        "group": "dovecot" if root else mine,
        "login": "dovenull" if root else me,
        "uid": uid,
        "gid": gid,
    }


def _wait(server, process):
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        assert process.poll() is None, (server.home / "log").read_text()
        try:
            with socket.create_connection(("127.0.0.1", server.port), timeout=1) as line:
                if line.recv(64):
                    return
        except OSError:
            time.sleep(0.05)
    raise AssertionError((server.home / "log").read_text())
