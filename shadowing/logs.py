"""The log: one line of JSON for each event, on stderr, without a word of what people wrote."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Final

OURS: Final = "shadowing"
FACTS: Final = "facts"


class JsonLines(logging.Formatter):
    """Writes a record as one line; line breaks in it are escaped by JSON itself."""

    def format(self, record: logging.LogRecord) -> str:
        """Write time, level, where from and message, then the facts given as ``extra``."""
        at = datetime.fromtimestamp(record.created, UTC)
        line: dict[str, object] = {
            "time": at.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "event": record.getMessage(),
            **getattr(record, FACTS, {}),
        }
        if record.exc_info and record.exc_info[1] is not None:
            line["trouble"] = _where(record.exc_info[1])
        return json.dumps(line, ensure_ascii=True, default=str)


def _where(error: BaseException) -> list[str]:
    """Say what broke and where, innermost last; its message may hold what somebody wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    steps = [f"{frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
    return [*steps, type(error).__qualname__]


class _Stderr(logging.Handler):
    """Writes to whatever stderr is at the time."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(f"{self.format(record)}\n")
            sys.stderr.flush()
        except (OSError, ValueError):
            self.handleError(record)


def to_stderr() -> None:
    """Send the log of the whole program to stderr; to be called once, by whoever starts it."""
    handler = _Stderr()
    handler.setFormatter(JsonLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger(OURS).setLevel(logging.INFO)


def note(event: str, **facts: object) -> None:
    """Write one line: what happened, with its facts; never a text or a token."""
    logging.getLogger(OURS).info(event, extra={FACTS: facts})
