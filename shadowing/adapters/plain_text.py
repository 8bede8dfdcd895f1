"""Text that may leave the house: what a person typed, without what could break a header or a file.

Names and titles come from people and from other systems. Before they reach a mail header or a
calendar line they pass here, so that a line break in a name stays a blank in a name.
"""

from __future__ import annotations

import re
from typing import Final

_BREAKS: Final = re.compile(r"\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
"""Whatever some reader takes for the end of a line."""

_UNSAFE: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ufffe\uffff]"
)
"""Control characters, and the marks that turn the direction of all text that follows them.

Letters that run from right to left stay as they are, and so do the joiners emoji are made of.
"""

_LONE: Final = re.compile(r"[\ud800-\udfff]")
"""Half a character: cannot be written in UTF-8."""


def one_line(text: str) -> str:
    """Put *text* on one line: breaks and runs of blanks become one blank, controls vanish."""
    return " ".join(_safe(_BREAKS.sub(" ", text)).split())


def plain_lines(text: str) -> str:
    r"""Keep the lines of *text*, each ended by ``\n``, and drop every other control character."""
    return _safe(_BREAKS.sub("\n", text)).strip()


def _safe(text: str) -> str:
    return _UNSAFE.sub("", _LONE.sub("\N{REPLACEMENT CHARACTER}", text))
