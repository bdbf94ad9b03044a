"""What others may ask of the holds: the verbs of sheets and reviews, the plan, pauses, the sweep."""

from lachan.holds.asking import propose_question, receivers
from lachan.holds.pausing import request_pause
from lachan.holds.planning import plan_of
from lachan.holds.proposing import cancel_case, propose_renewal, propose_request
from lachan.holds.reviewing import (
    ReviewForm,
    decide_review,
    extend_review,
    file_review,
    follow_review,
    identify_holder,
    propose_release,
)
from lachan.holds.sheets import open_sheet, propose_sheet, withdraw_sheet
from lachan.holds.signing import KeyAnswer, question, sign_sheet
from lachan.holds.sweeping import sweep

__all__ = [
    "KeyAnswer",
    "ReviewForm",
    "cancel_case",
    "decide_review",
    "extend_review",
    "file_review",
    "follow_review",
    "identify_holder",
    "open_sheet",
    "plan_of",
    "propose_question",
    "propose_release",
    "propose_renewal",
    "propose_request",
    "propose_sheet",
    "question",
    "receivers",
    "request_pause",
    "sign_sheet",
    "sweep",
    "withdraw_sheet",
]
