"""The wheel, installed into an empty environment, serves a page with its style."""

import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import httpx
import pytest

from tests.postgresql import free_port

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("setup.cfg", "pyproject.toml", "README.md", "LICENSE")
FOLDERS = ("shadowing", "templates", "static")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Build from a copy: an old ``build`` folder would lend its files to the wheel."""
    copy = tmp_path_factory.mktemp("sources")
    for name in SOURCES:
        shutil.copyfile(ROOT / name, copy / name)
    for name in FOLDERS:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", "dist"]
    subprocess.run(command, cwd=copy, check=True, stdout=subprocess.DEVNULL)
    (built,) = (copy / "dist").iterdir()
    return built


def files_of(folder):
    return {
        str(file.relative_to(ROOT / folder))
        for file in (ROOT / folder).rglob("*")
        if file.is_file() and "cache" not in str(file.relative_to(ROOT))
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("folder", "inside"),
    [
        ("templates", "shadowing/templates/"),
        ("static", "shadowing/static/"),
        ("shadowing", "shadowing/"),
    ],
)
def test_the_wheel_holds_every_file(wheel, folder, inside):
    names = set(zipfile.ZipFile(wheel).namelist())

    assert {f"{inside}{name}" for name in files_of(folder)} - names == set()


@pytest.mark.slow
def test_the_wheel_holds_nothing_else(wheel):
    tops = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}

    assert {top.partition("-")[0] for top in tops} == {"shadowing"}


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Install it with what is locked, and nothing more, away from the checkout."""
    home = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", home / "venv"], check=True)
    pip = [home / "venv/bin/python", "-m", "pip", "install", "--quiet"]
    pip += ["--disable-pip-version-check", "--no-input", "--root-user-action=ignore"]
    lock = ["--require-hashes", "--requirement", ROOT / "requirements.txt"]
    subprocess.run([*pip, *lock], check=True)
    subprocess.run([*pip, "--no-deps", wheel], check=True)
    return home


def command_line(home, *words):
    """Give what to run: the installed program, with no setting but its database and port."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {
        "args": [home / "venv/bin/shadowing", *words],
        "cwd": home,
        "env": {**kept, "SHADOWING_DATABASE_URL": f"sqlite:///{home}/wheel.sqlite3"},
    }


def page(address, process):
    """Fetch *address* as soon as somebody answers."""
    for _ in range(150):
        assert process.poll() is None, "the server ended"
        try:
            return httpx.get(address)
        except httpx.ConnectError:
            time.sleep(0.2)
    return pytest.fail(f"nobody answered at {address}")


@pytest.mark.slow
def test_the_installed_program_serves_a_page_with_its_style(installed):
    base = f"http://127.0.0.1:{free_port()}"
    subprocess.run(**command_line(installed, "db", "upgrade"), check=True)
    serve = command_line(installed, "serve", "--port", base.rpartition(":")[2], "--no-worker")
    with subprocess.Popen(**serve) as process:
        try:
            answer = page(f"{base}/sign-in", process)
            links = re.findall(r'<link rel="stylesheet" href="([^"]+)"', answer.text)
            styles = [httpx.get(base + link) for link in links]
        finally:
            process.terminate()

    assert answer.status_code == 200
    assert "Sign in" in answer.text
    assert styles
    assert {style.status_code for style in styles} == {200}
