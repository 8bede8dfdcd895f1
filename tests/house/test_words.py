"""No file names a package registry, or a place on the machine it was written on."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.house.sources import ROOT

# Taken apart, so that this file passes its own test.
HOSTS = (
    *("py|pi.org", "python|hosted.org", "npm|js.", "cra|tes.io", "un|pkg.com", "js|delivr"),
    *("ghcr|.io", "docker|.io", "quay|.io", "proxy.go|lang", "deb.deb|ian.org", "conda.an|aconda"),
    "playwright.azure|edge",
)
PLACES = ("/ro|ot/", "/wo|rk/", "/ho|me/[a-z]", "/opt/(?:py|pi|whe|els)", r"[A-Z]:\\U|sers")
FORBIDDEN = re.compile(
    "|".join(
        [*(re.escape(host.replace("|", "")) for host in HOSTS)]
        + [rf"(?<![\w.*-]){place.replace('|', '')}" for place in PLACES]
    ),
    re.IGNORECASE,
)


def kept_files():
    """List what is or would be kept in git."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in names.split("\0") if (ROOT / name).is_file()]


def named(file: Path):
    """Find the lines of *file* that name what they should not; nothing in pictures and fonts."""
    try:
        text = file.read_text("utf-8")
    except UnicodeDecodeError:
        return []
    return [
        f"{file.name}:{number}: {found.group()}"
        for number, line in enumerate(text.splitlines(), 1)
        if (found := FORBIDDEN.search(line))
    ]


def test_no_file_names_a_registry_or_a_machine():
    assert [fault for file in kept_files() for fault in named(file)] == []


@pytest.mark.parametrize("host", HOSTS)
def test_a_registry_is_found(tmp_path, host):
    sample = tmp_path / "sample"
    sample.write_text(f"nothing\nfrom {host.replace('|', '')}/simple\n")

    assert len(named(sample)) == 1


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("see /wo|rk/main", 1),
        ("in /ro|ot/.venv", 1),
        ("in /ho|me/anna", 1),
        ("GET /home/ and /work and paper/work/", 0),
    ],
)
def test_a_place_on_a_machine_is_found(tmp_path, text, faults):
    sample = tmp_path / "sample"
    sample.write_text(text.replace("|", ""))

    assert len(named(sample)) == faults
