"""Passwords and tokens: how they are made, kept and compared.

A password is kept as an argon2id hash, a token only as its digest: who reads the database can
sign in with neither. Nothing here knows whose they are.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from base64 import b64encode
from typing import Final

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from shadowing.domain.bookings import passes

MEMORY_KIB: Final = 19_456
PASSES: Final = 2
LANES: Final = 1
TOKEN_BYTES: Final = 32
SHORT_TOKEN_BYTES: Final = 16

_HASHER: Final = PasswordHasher(
    time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES, type=Type.ID
)


def _blank(size: int) -> str:
    return b64encode(bytes(size)).decode("ascii").rstrip("=")


_DECOY: Final = (
    f"$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}"
    f"${_blank(_HASHER.salt_len)}${_blank(_HASHER.hash_len)}"
)
"""A hash no password has; comparing with it costs what comparing with a real one costs."""


def hash_password(text: str) -> str:
    """Hash a password for keeping; two hashes of one password differ."""
    return _HASHER.hash(_typed(text))


def password_fits(kept: str, text: str) -> bool:
    """Tell whether *text* is the password *kept* was made of.

    Takes the same time for yes, for no, and for a person who has no password (*kept* is empty
    or is no hash).
    """
    try:
        return _HASHER.verify(kept, _typed(text))
    except InvalidHashError:
        waste_a_hash(text)
    except VerificationError:
        pass
    return False


def waste_a_hash(text: str) -> None:
    """Spend the time of one comparison, for an address that nobody has.

    Without it the answer for an unknown address comes at once, and the clock says who is known.
    """
    password_fits(_DECOY, text)


def needs_rehash(kept: str) -> bool:
    """Tell whether *kept* was made with other costs than today's."""
    return _HASHER.check_needs_rehash(kept)


def new_token() -> str:
    """Draw a token of 256 bits, 43 characters that are safe in an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def new_pass_code() -> str:
    """Draw the code of a pass: 80 bits, in letters that can be read out and typed."""
    return "".join(secrets.choice(passes.LETTERS) for _ in range(passes.LENGTH))


def new_short_token() -> str:
    """Draw a token of 128 bits, 22 characters: for links that travel in a text message."""
    return secrets.token_urlsafe(SHORT_TOKEN_BYTES)


def digest(token: str) -> str:
    """Give the form in which a token is kept: SHA-256, 64 hexadecimal digits.

    A fast digest will do, and can be looked up: a token is drawn, not chosen, so nobody can
    guess their way back from it.
    """
    return hashlib.sha256(_bytes(token)).hexdigest()


def same(one: str, other: str) -> bool:
    """Compare two secrets in a time that does not tell how far they agree."""
    return hmac.compare_digest(_bytes(one), _bytes(other))


def _typed(text: str) -> bytes:
    """Give one form to what keyboards write in several: é may be one character or two."""
    return _bytes(unicodedata.normalize("NFKC", text))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", errors="surrogatepass")
