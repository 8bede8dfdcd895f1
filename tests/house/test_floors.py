"""House rule 1: the floors and contracts of setup.cfg hold, and each of them can fail."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.sources import PACKAGE, ROOT, listed, setup

LINT = Path(sys.executable).with_name("lint-imports")


def lint(folder):
    return subprocess.run(
        [LINT, "--no-cache", "--no-logo"], cwd=folder, capture_output=True, text=True, check=False
    )


def test_no_import_breaks_a_contract():
    result = lint(ROOT)

    assert result.returncode == 0, result.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lines", "contract"),
    [
        ({"domain/odd.py": "import flask"}, "core"),
        ({"store/odd.py": "import shadowing.services.work"}, "floors"),
        ({"web/odd.py": "import shadowing.store.engine"}, "edge"),
        ({"services/odd.py": "import wtforms"}, "web-only"),
        (
            {"domain/odd.py": "import {}.domain.even", "domain/even.py": "import {}.domain.odd"},
            "circles",
        ),
        ({"services/home.py": "import shadowing.services.accounts"}, "alone"),
    ],
)
def test_an_import_that_breaks_a_contract_is_found(tmp_path, lines, contract):
    shutil.copytree(PACKAGE, tmp_path / "shadowing")
    shutil.copyfile(ROOT / "setup.cfg", tmp_path / "setup.cfg")
    for room, line in lines.items():
        with (tmp_path / "shadowing" / room).open("a") as file:
            file.write(f"\n{line.format('shadowing')}\n")

    result = lint(tmp_path)

    name = setup()[f"importlinter:contract:{contract}"]["name"]
    assert result.returncode == 1
    assert f"{name} BROKEN" in result.stdout


def test_every_service_but_work_is_named_as_standing_alone():
    rooms = {file.stem for file in (PACKAGE / "services").iterdir() if file.name[0] not in "_."}

    alone = listed(setup()["importlinter:contract:alone"]["modules"])

    assert set(alone) == {f"shadowing.services.{room}" for room in rooms - {"work"}}
