"""The locks belong to setup.cfg, hold a hash for everything, and agree with each other."""

import re
import shutil

import pytest

from tests.house.sources import ROOT
from tools import lock

PIN = re.compile(
    r"^([\w.-]+)(?:\[[\w,]+\])?==(\S+)(.*?) \\\n((?:    --hash=\S+(?: \\)?\n)+)", re.MULTILINE
)


def pins(name):
    """Read a lock: what is pinned, to which version, under which condition."""
    text = (ROOT / name).read_text("utf-8")
    return {(package, version, marker) for package, version, marker, _ in PIN.findall(text)}


def test_the_locks_were_made_from_this_setup_cfg():
    assert lock.drifted() == []


@pytest.mark.parametrize("name", lock.LOCKS)
def test_everything_has_its_hash_and_nothing_says_where_from(name):
    lines = (ROOT / name).read_text("utf-8").splitlines()
    pinned = [line for line in lines if line and line[0] not in "# "]

    assert len(pinned) == len(pins(name)) > 0


def test_what_runs_is_what_was_tested():
    assert pins("requirements.txt") < pins("requirements-dev.txt")


@pytest.mark.parametrize(
    ("before", "after", "old"),
    [
        ("    Flask>=3.1,<3.2", "    Flask>=3.1,<3.3", list(lock.LOCKS)),
        ("    pytest>=9", "    pytest>=9.1", list(lock.LOCKS)),
        ("    Flask>=3.1,<3.2", "    Flask>=3.1,<3.2 ", []),
        ("description = ", "description = Oh, ", []),
    ],
)
def test_a_lock_made_from_another_setup_cfg_is_found(tmp_path, monkeypatch, before, after, old):
    for name in lock.LOCKS:
        shutil.copyfile(ROOT / name, tmp_path / name)
    text = (ROOT / "setup.cfg").read_text("utf-8")
    (tmp_path / "setup.cfg").write_text(text.replace(before, after))
    monkeypatch.setattr(lock, "ROOT", tmp_path)

    assert lock.drifted() == old
