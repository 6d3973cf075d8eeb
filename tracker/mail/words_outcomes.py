"""E-mails from the debrief to the outcome. Those to staff carry no content of scorecards, votes or decisions."""

from tracker.mail.links import url
from tracker.mail.messages import Address, Mail, Words, merged, spoken
from tracker.rules.stages import DecisionKind


def debrief_ready(
    *, receiver: Address, organisation: str, candidate: str, requisition: str, due: str, application_id: int
) -> Mail:
    """Tell hiring manager or recruiter that all scorecards are in and the debrief is open.

    ``due`` is "by ..." with the moment in the receiver's zone.
    """
    return _to_the_debrief("debrief_ready", receiver, organisation, candidate, requisition, due, application_id)


def debrief_vote(
    *, receiver: Address, organisation: str, candidate: str, requisition: str, due: str, application_id: int
) -> Mail:
    """Ask an interviewer of the loop to read the others' scorecards and to vote again; ``due`` as for the debrief."""
    return _to_the_debrief("debrief_vote", receiver, organisation, candidate, requisition, due, application_id)


def _to_the_debrief(
    kind: str, receiver: Address, organisation: str, candidate: str, requisition: str, due: str, application_id: int
) -> Mail:
    return merged(
        kind,
        receiver=receiver,
        organisation=organisation,
        candidate=candidate,
        requisition=requisition,
        due=due,
        link=url(f"/applications/{application_id}/debrief"),
    )


def decision_made(
    *, receiver: Address, organisation: str, candidate: str, requisition: str, due: str, application_id: int
) -> Mail:
    """Tell the recruiter that the decision is recorded and the candidate waits to hear; ``due`` as for the debrief."""
    return merged(
        "decision_made",
        receiver=receiver,
        organisation=organisation,
        candidate=candidate,
        requisition=requisition,
        due=due,
        link=url(f"/applications/{application_id}/outcome"),
    )


def draft(kind: DecisionKind, *, receiver: Address, organisation: str, requisition: str, recruiter: str) -> Mail:
    """Return what the recruiter begins with when he or she writes the outcome; it is never sent as it is."""
    return merged(
        f"outcome_{kind.value}",
        receiver=receiver,
        organisation=organisation,
        candidate=receiver.name,
        requisition=requisition,
        recruiter=recruiter,
    )


def outcome(*, receiver: Address, organisation: str, words: Words) -> Mail:
    """Tell the candidate the outcome, in the recruiter's own words."""
    return spoken("outcome", receiver=receiver, organisation=organisation, words=words)
