"""A finding: a suspicion (疑似线索) with a name that stays, what detection says of it, and what people decide."""

import hashlib
import json
from collections.abc import Iterable
from typing import Final

#: Columns of a table of findings; `geometry` is the ground in dispute, `point` lies inside it.
COLUMNS: Final = (
    "key",
    "rule",
    "category",
    "severity",
    "subject",
    "against",
    "a_row",
    "a_code",
    "b_layer",
    "b_row",
    "b_code",
    "shared_m2",
    "firm_m2",
    "width_m",
    "share_a",
    "share_b",
    "point",
    "geometry",
    "sentence_zh",
    "sentence_en",
    "article",
    "thresholds",
    "evidence",
    "same_as",
)
CATEGORIES: Final = ("overlap", "occupation", "sale", "lease", "rights", "quality")
SEVERITIES: Final = ("high", "medium", "low")
PRESENCES: Final = ("present", "gone")
STATES: Final = (
    "open",
    "assigned",
    "in_check",
    "confirmed",
    "dismissed",
    "approved_use",
    "in_remedy",
    "closed",
)

#: Who may go where: (state, action) -> state. `reopen` is detection's own move, all others are people's.
MOVES: Final[dict[tuple[str, str], str]] = {
    ("open", "assign"): "assigned",
    ("open", "take_up"): "in_check",
    ("assigned", "assign"): "assigned",
    ("assigned", "take_up"): "in_check",
    ("in_check", "confirm"): "confirmed",
    ("in_check", "dismiss"): "dismissed",
    ("in_check", "approve_use"): "approved_use",
    ("in_check", "resurvey"): "in_check",
    ("confirmed", "remedy"): "in_remedy",
    ("confirmed", "close"): "closed",
    ("confirmed", "resurvey"): "in_check",
    ("in_remedy", "close"): "closed",
    ("in_remedy", "resurvey"): "in_check",
    ("dismissed", "resurvey"): "in_check",
    ("approved_use", "resurvey"): "in_check",
    ("closed", "resurvey"): "in_check",
    ("dismissed", "reopen"): "open",
    ("closed", "reopen"): "open",
}
#: The roles that may make a move.
ROLES_OF: Final[dict[str, tuple[str, ...]]] = {
    "assign": ("official", "admin"),
    "take_up": ("official",),
    "confirm": ("official",),
    "dismiss": ("official",),
    "approve_use": ("official",),
    "remedy": ("official",),
    "close": ("official",),
    "resurvey": ("official",),
    "reopen": ("system",),
}
#: Moves that judge a party: whoever brought the data in may not make them.
JUDGEMENTS: Final = ("confirm", "dismiss", "approve_use", "close")
#: Decisions after which a finding no longer holds a certificate back.
SETTLED: Final = ("dismissed", "approved_use", "closed")


class IllegalMove(Exception):
    """An action that does not exist in the finding's present state."""


def key(rule: str, subject: str, against: str | None) -> str:
    """Name a finding by its rule and references alone, so that the name outlives every change of shape."""
    text = json.dumps([rule, subject, against], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def move(state: str, action: str) -> str:
    """Tell the state that an action leads to; IllegalMove where it leads nowhere."""
    try:
        return MOVES[state, action]
    except KeyError:
        raise IllegalMove(f"{action} is not possible in state {state}") from None


def fold(actions: Iterable[str]) -> str:
    """Fold the events of a finding, oldest first, into its decision."""
    state = "open"
    for action in actions:
        state = move(state, action)
    return state


def allowed(state: str, role: str) -> list[str]:
    """List what a person of this role may do with a finding in this state."""
    return [action for (at, action) in MOVES if at == state and role in ROLES_OF[action]]


def outcome(before: str | None, present: bool, changed: bool) -> str:
    """Say what a new run means for a finding: new, still, changed, gone, reopened or (still) absent.

    `before` is its presence until now (None: never seen), `changed` whether any measure or party differs.
    """
    if not present:
        return "gone" if before == "present" else "absent"
    if before is None:
        return "new"
    if before == "gone":
        return "reopened"
    return "changed" if changed else "still"


def reopens(decision: str, firm_before_m2: float, firm_now_m2: float, min_area_m2: float, party_changed: bool) -> bool:
    """Tell whether a settled finding is open again: its firm area grew by more than max(10 %, the rule's area)."""
    if (decision, "reopen") not in MOVES:
        return False
    grown = firm_now_m2 - firm_before_m2 > max(0.1 * firm_before_m2, min_area_m2)
    return party_changed or grown


def blocks(severity: str, presence: str, decision: str) -> bool:
    """Tell whether a finding holds the certificate of its parcels back."""
    return severity == "high" and presence == "present" and decision not in SETTLED
