"""The machine: room on its disk, and whether a port answers."""

from __future__ import annotations

import os
import shutil
import socket
from pathlib import Path

KNOCK_SECONDS = 5


def free_bytes(folder: Path) -> int:
    """Say how much room there is where *folder* lies, or will."""
    return shutil.disk_usage(_there(folder)).free


def can_write(folder: Path) -> bool:
    """Say whether files can be made in *folder*, or the folder itself where it is not there."""
    there = _there(folder)
    return there.is_dir() and os.access(there, os.W_OK | os.X_OK)


def _there(folder: Path) -> Path:
    return next(one for one in (folder, *folder.absolute().parents) if one.exists())


def answers(host: str, port: int) -> bool:
    """Say whether somebody listens there."""
    try:
        with socket.create_connection((host, port), timeout=KNOCK_SECONDS):
            return True
    except OSError:
        return False
