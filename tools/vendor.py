"""Fetch the front-end files we serve, check them, and write the manifests.

Run it after changing a version below, then read the difference before you commit::

    python tools/vendor.py            # the files must match the manifest we have
    python tools/vendor.py --accept   # a new version: write the checksums that came

Needs the npm client, which knows where packages come from. Deploying needs neither:
the files are committed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Source:
    """One package: where its files go, and which of them we take (name inside → name here)."""

    folder: str
    package: str
    version: str
    licence: str
    files: tuple[tuple[str, str], ...]


SERVED = (
    Source(
        folder="atkinson-hyperlegible-next",
        package="@fontsource-variable/atkinson-hyperlegible-next",
        version="5.3.0",
        licence="OFL-1.1",
        files=(
            ("LICENSE", "LICENSE"),
            (
                "files/atkinson-hyperlegible-next-latin-wght-normal.woff2",
                "atkinson-hyperlegible-next-latin-wght-normal.woff2",
            ),
            (
                "files/atkinson-hyperlegible-next-latin-ext-wght-normal.woff2",
                "atkinson-hyperlegible-next-latin-ext-wght-normal.woff2",
            ),
        ),
    ),
    Source(
        folder="newsreader",
        package="@fontsource-variable/newsreader",
        version="5.3.0",
        licence="OFL-1.1",
        files=(
            ("LICENSE", "LICENSE"),
            (
                "files/newsreader-latin-wght-normal.woff2",
                "newsreader-latin-wght-normal.woff2",
            ),
        ),
    ),
    Source(
        folder="lucide",
        package="lucide-static",
        version="1.62.0",
        licence="ISC",
        files=(("LICENSE", "LICENSE"),),
    ),
    Source(
        folder="htmx",
        package="htmx.org",
        version="4.0.1",
        licence="0BSD",
        files=(("LICENSE", "LICENSE"), ("dist/htmx.min.js", "htmx.min.js")),
    ),
)

TESTED_WITH = (
    Source(
        folder="axe-core",
        package="axe-core",
        version="4.14.1",
        licence="MPL-2.0",
        files=(("LICENSE", "LICENSE"), ("axe.min.js", "axe.min.js")),
    ),
)

ICONS = """
    arrow-down arrow-left arrow-right arrow-up ban bell bell-ring briefcase-medical building-2
    calendar calendar-check calendar-clock calendar-plus calendar-range calendar-sync calendar-x-2
    chart-column check chevron-down chevron-left chevron-right chevrons-up-down circle-alert
    circle-check circle-question-mark circle-slash circle-x clipboard-list clock-4 clock-alert
    cloud-check cloud-off copy door-open equal external-link eye eye-off file-down file-text
    file-x-2 footprints gauge globe hammer handshake history hourglass house inbox info key-round
    life-buoy lightbulb loader lock log-in log-out mail map map-pin message-circle-question-mark
    message-square-text messages-square minus monitor moon move-horizontal notebook-pen pause
    pencil phone plane play plus printer refresh-cw repeat rss scale scan-eye search send
    server-crash settings sheet shield-alert shield-check shield-x shirt shuffle
    sliders-horizontal sun sun-moon target thumbs-up timer trash-2 triangle-alert undo-2
    user-plus user-round user-round-check user-round-x users-round x zap
""".split()


def fetch(source: Source, into: Path) -> Path:
    """Download one package with the npm client and return the folder it was unpacked to."""
    spec = f"{source.package}@{source.version}"
    packed = subprocess.run(
        ["npm", "pack", "--silent", spec],  # noqa: S607 -- whichever npm the developer has
        cwd=into,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()[-1]
    target = into / source.folder
    with tarfile.open(into / packed) as archive:
        archive.extractall(target, filter="data")
    return target / "package"


def sprite(package: Path) -> str:
    """Put the icons we use into one file of symbols, each under its Lucide name."""
    symbols = []
    for name in sorted(ICONS):
        text = (package / "icons" / f"{name}.svg").read_text(encoding="utf-8")
        found = re.search(r"<svg[^>]*>(.*)</svg>", text, flags=re.DOTALL)
        if found is None:
            sys.exit(f"{name}: not the drawing we expected")
        shapes = "".join(line.strip() for line in found[1].splitlines())
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>')
    drawing = "\n".join(symbols)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{drawing}\n</svg>\n'


def collect(source: Source, package: Path) -> dict[str, bytes]:
    """Return the bytes of every file we keep of a package, by its name here."""
    kept = {here: (package / inside).read_bytes() for inside, here in source.files}
    if source.folder == "lucide":
        kept["sprite.svg"] = sprite(package).encode()
    return kept


def record(source: Source, kept: dict[str, bytes]) -> dict[str, object]:
    """Describe one package for the manifest."""
    return {
        "name": source.folder,
        "version": source.version,
        "licence": source.licence,
        "source": f"npm package {source.package}",
        "files": {
            f"{source.folder}/{name}": hashlib.sha256(content).hexdigest()
            for name, content in sorted(kept.items())
        },
    }


def refresh(folder: Path, sources: tuple[Source, ...], *, accept: str) -> None:
    """Fetch *sources* into *folder*; stop when a checksum is not the one we know.

    Args:
        folder: Where the packages and their manifest lie.
        sources: The packages to fetch.
        accept: ``"known"`` holds the files to the manifest, ``"new"`` rewrites it.
    """
    manifest = folder / "manifest.json"
    records = []
    content: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for source in sources:
            kept = collect(source, fetch(source, Path(scratch)))
            records.append(record(source, kept))
            content |= {f"{source.folder}/{name}": data for name, data in kept.items()}
    described = json.dumps({"packages": records}, indent=2) + "\n"
    if accept == "known" and manifest.read_text(encoding="utf-8") != described:
        sys.exit(f"{manifest}: the files that came are not the ones we know; see --accept")
    for name, data in content.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    manifest.write_text(described, encoding="utf-8")
    print(f"{manifest.relative_to(ROOT)}: {len(content)} files as recorded")


def main() -> None:
    """Refresh what we serve and what we test with."""
    parser = argparse.ArgumentParser(description="Fetch and check the vendored front-end files.")
    parser.add_argument(
        "--accept",
        action="store_const",
        const="new",
        default="known",
        help="write the checksums that came instead of holding the files to the manifest",
    )
    accept = parser.parse_args().accept
    refresh(ROOT / "static" / "vendor", SERVED, accept=accept)
    refresh(ROOT / "tests" / "vendor", TESTED_WITH, accept=accept)


if __name__ == "__main__":
    main()
