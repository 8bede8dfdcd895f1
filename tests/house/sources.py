"""Where the sources are, and how the house tests read them."""

import ast
import configparser
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "shadowing"


def python_files(*folders: Path) -> list[Path]:
    """List the Python files below *folders*."""
    return sorted(file for folder in folders for file in folder.rglob("*.py"))


def tree(file: Path) -> ast.Module:
    """Read one file as the compiler does."""
    return ast.parse(file.read_text("utf-8"), str(file))


def setup() -> configparser.ConfigParser:
    """Read setup.cfg."""
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    return config


def listed(text: str) -> list[str]:
    """Split a list of setup.cfg, one item a line."""
    return text.split()
