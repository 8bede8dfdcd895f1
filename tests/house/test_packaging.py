"""The wheel holds every folder of the package, and the two that lie beside it."""

from tests.house.sources import PACKAGE, ROOT, listed, setup


def test_setup_cfg_names_every_package():
    folders = {file.parent for file in PACKAGE.rglob("*.py")} | {PACKAGE / "reference"}
    names = {".".join(folder.relative_to(ROOT).parts) for folder in folders}

    assert set(listed(setup()["options"]["packages"])) == names | {
        "shadowing.static",
        "shadowing.templates",
    }


def test_the_faces_of_the_floors_are_empty():
    for floor in ("domain", "store", "adapters", "services", "web"):
        assert (PACKAGE / floor / "__init__.py").read_text("utf-8") == ""
