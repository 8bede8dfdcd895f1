"""Why something about a credential is refused. Source: docs/rules.md, rules C7 and C8."""

from __future__ import annotations

from shadowing.domain.errors import Refusal


class NothingToCheck(Refusal):
    """There is no claim, or somebody checked it meanwhile."""

    code = "nothing_to_check"


class OwnCredential(Refusal):
    """Nobody verifies their own (C7)."""

    code = "own_credential"


class NotWaivable(Refusal):
    """This requirement cannot be waived (C7). Fact: ``label``."""

    code = "not_waivable"


class WaiverTooLong(Refusal):
    """A waiver ends within so many days, and not before today. Facts: ``most``, ``latest``."""

    code = "waiver_too_long"
    field = "until"


class NotTicked(Refusal):
    """A statement is not enough here, or somebody else makes it."""

    code = "not_ticked"


class NewWords(Refusal):
    """The text changed while the person was reading it."""

    code = "new_words"


class NotFromPartner(Refusal):
    """A partner's own proof does not count for this requirement (C8). Fact: ``label``."""

    code = "not_from_partner"
    field = "partner"


class EndsBeforeDone(Refusal):
    """It cannot run out before it was done."""

    code = "ends_before_done"
    field = "valid_to"
