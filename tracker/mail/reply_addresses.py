"""The reply addresses of this installation: those of its setting, signed with its secret key."""

from collections.abc import Iterable

from flask import current_app

from tracker.models.interview import Assignment, Interview
from tracker.rules.reply_addresses import Invitation, address_of, invitation_of, token_in


def for_interviewer(assignment: Assignment) -> str:
    """Return where an interviewer's calendar answers to; "" where answers are not taken in."""
    return _address(Invitation(False, assignment.id))


def for_candidate(interview: Interview) -> str:
    """Return where a candidate's calendar answers to; "" where answers are not taken in."""
    return _address(Invitation(True, interview.id))


def tokens_in(addresses: Iterable[str]) -> set[str]:
    """Return what stands after the plus in those that are reply addresses, once each; "" for the bare one."""
    base = current_app.config["TRACKER"].reply_address
    found = (token_in(each, base) for each in addresses) if base else ()
    return {token for token in found if token is not None}


def invitation_in(token: str) -> Invitation | None:
    """Return the invitation that a token names; None where it was not made with this secret key."""
    return invitation_of(token, current_app.config["TRACKER"].secret_key)


def _address(invitation: Invitation) -> str:
    settings = current_app.config["TRACKER"]
    if settings.reply_address is None:
        return ""
    return address_of(settings.reply_address, invitation, settings.secret_key)
