"""E-mails from the debrief to the outcome. Those to staff carry no content of scorecards, votes or decisions."""

from tracker.mail.links import url
from tracker.mail.messages import Address, Mail, Words, merged, spoken
from tracker.rules.stages import DecisionKind


def debrief_ready(
    *,
    receiver: Address,
    organisation: str,
    candidate: str,
    requisition: str,
    due: str,
    application_id: int,
    led_by: str | None = None,
) -> Mail:
    """Tell hiring manager or recruiter that all scorecards are in and the debrief is open.

    ``due`` is "by ..." with the moment in the receiver's zone. ``led_by`` is the hiring manager's name, who leads it;
    None where that is the receiver.
    """
    theirs = "it is yours to lead. Read, vote again, discuss, and close it."
    others = f"it waits for {led_by}, who leads it; you follow it there, and tell the candidate afterwards."
    return merged(
        "debrief_ready",
        receiver=receiver,
        organisation=organisation,
        because=f"You get this because you are the {'recruiter' if led_by else 'hiring manager'} of this requisition.",
        candidate=candidate,
        requisition=requisition,
        due=due,
        part=others if led_by else theirs,
        link=url(f"/applications/{application_id}/debrief"),
    )


def debrief_vote(
    *, receiver: Address, organisation: str, candidate: str, requisition: str, due: str, application_id: int
) -> Mail:
    """Ask an interviewer of the loop to read the others' scorecards and to vote again; ``due`` as for the debrief."""
    return merged(
        "debrief_vote",
        receiver=receiver,
        organisation=organisation,
        candidate=candidate,
        requisition=requisition,
        due=due,
        link=url(f"/applications/{application_id}/debrief"),
    )


def decision_made(
    *,
    receiver: Address,
    organisation: str,
    candidate: str,
    requisition: str,
    due: str,
    application_id: int,
    is_anew: bool = False,
) -> Mail:
    """Tell the recruiter that the decision is recorded and the candidate waits to hear; ``due`` as for the debrief.

    ``is_anew``: that it replaces one which the recruiter knew of.
    """
    return merged(
        "decision_changed" if is_anew else "decision_made",
        receiver=receiver,
        organisation=organisation,
        candidate=candidate,
        requisition=requisition,
        due=due,
        link=url(f"/applications/{application_id}/outcome"),
    )


def draft(
    kind: DecisionKind,
    *,
    receiver: Address,
    organisation: str,
    requisition: str,
    recruiter: str,
    late_since: str = "",
) -> Mail:
    """Return what the recruiter begins with when he or she writes the outcome; it is never sent as it is.

    ``late_since`` is the moment of a promise that is broken, in the candidate's zone.
    """
    return merged(
        f"outcome_{kind.value}",
        receiver=receiver,
        organisation=organisation,
        candidate=receiver.name,
        requisition=requisition,
        recruiter=recruiter,
        apology=f"You were to hear from us by {late_since}. We are late, and we are sorry." if late_since else "",
    )


def outcome(*, receiver: Address, organisation: str, words: Words) -> Mail:
    """Tell the candidate the outcome, in the recruiter's own words."""
    return spoken("outcome", receiver=receiver, organisation=organisation, words=words)
