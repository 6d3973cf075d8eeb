"""E-mails about an application's beginning and end, and about the candidate's own page."""

from collections.abc import Sequence

from tracker.mail.messages import Address, Mail, merged, merged_for_candidate


def application_received(*, receiver: Address, organisation: str, title: str, team: str, status_url: str) -> Mail:
    """Tell a candidate that the application is with us, and where it can be followed."""
    return merged_for_candidate(
        "application_received",
        receiver=receiver,
        organisation=organisation,
        title=title,
        requisition_with_team=f"{title} ({team})" if team else title,
        link=status_url,
    )


def application_known(*, receiver: Address, organisation: str, title: str, status_url: str) -> Mail:
    """Tell a candidate who applied again that the application is here already."""
    return merged_for_candidate(
        "application_known", receiver=receiver, organisation=organisation, title=title, link=status_url
    )


def status_link(*, receiver: Address, organisation: str, title: str, status_url: str) -> Mail:
    """Send a candidate a new link to his or her own page."""
    return merged_for_candidate(
        "status_link", receiver=receiver, organisation=organisation, title=title, link=status_url
    )


def closed(*, receiver: Address, organisation: str, title: str, recruiter: str) -> Mail:
    """Tell a candidate, courteously, that the application goes no further."""
    return merged(
        "closed",
        receiver=receiver,
        organisation=organisation,
        candidate=receiver.name,
        requisition=title,
        recruiter=recruiter,
    )


def goes_on(
    *, receiver: Address, organisation: str, title: str, recruiter: Address, has_given_times: bool = False
) -> Mail:
    """Tell a candidate that the phone screen was good and interviews are to be arranged.

    Who ``has_given_times`` in which to come is not asked for them again.
    """
    given = (
        f"{recruiter.name} arranges the interviews within the times that you gave us. Where they no longer suit you, "
        "change them on your own page: its address is at the foot of this e-mail."
    )
    ask = (
        "Say on your own page when you can come: its address is at the foot of this e-mail. "
        f"{recruiter.name} arranges the interviews within these times."
    )
    return merged_for_candidate(
        "goes_on",
        receiver=receiver,
        organisation=organisation,
        title=title,
        recruiter=recruiter,
        arranging=given if has_given_times else ask,
    )


def loop_choice(*, receiver: Address, organisation: str, title: str, recruiter: Address, link: str) -> Mail:
    """Ask a candidate to choose when the interviews are held; ``link`` is to the page with the times."""
    return merged_for_candidate(
        "loop_choice", receiver=receiver, organisation=organisation, title=title, recruiter=recruiter, link=link
    )


def reopened(*, receiver: Address, organisation: str, title: str, recruiter: Address) -> Mail:
    """Tell a candidate that a closed application is considered again."""
    return merged_for_candidate(
        "reopened", receiver=receiver, organisation=organisation, title=title, recruiter=recruiter
    )


def withdrawn(*, receiver: Address, organisation: str, title: str) -> Mail:
    """Confirm to a candidate that the application is withdrawn."""
    return merged_for_candidate("withdrawn", receiver=receiver, organisation=organisation, title=title)


def erased(*, receiver: Address, organisation: str, title: str) -> Mail:
    """Tell a candidate, for the last time, that all his or her data was erased."""
    return merged_for_candidate("erased", receiver=receiver, organisation=organisation, title=title)


def promise_moved(
    *,
    receiver: Address,
    organisation: str,
    title: str,
    promise: str,
    promise_before: str,
    why: str,
    recruiter: Address,
) -> Mail:
    """Tell a candidate the new date of the promise; the date told before and ``why``, in words for the candidate, may
    be empty."""
    return merged_for_candidate(
        "promise_moved",
        receiver=receiver,
        organisation=organisation,
        title=title,
        promise=promise,
        promise_before=promise_before,
        why=why,
        recruiter=recruiter,
    )


def candidate_withdrew(
    *, receiver: Address, organisation: str, candidate: str, title: str, reason: str, page_url: str
) -> Mail:
    """Tell a recruiter that a candidate withdrew; ``reason`` may be empty."""
    return merged(
        "candidate_withdrew",
        receiver=receiver,
        organisation=organisation,
        candidate=candidate,
        requisition=title,
        reason=reason,
        link=page_url,
    )


def candidate_times(
    *, receiver: Address, organisation: str, candidate: str, title: str, times: Sequence[str], note: str, page_url: str
) -> Mail:
    """Tell a recruiter when a candidate can come; ``times`` are in words with their zone, the first first.

    ``note`` is what the candidate wrote beside them, mostly nothing.
    """
    return merged(
        "candidate_times",
        receiver=receiver,
        organisation=organisation,
        candidate=candidate,
        requisition=title,
        when=times[0],
        times="\n".join(times),
        note=note,
        link=page_url,
    )


def loop_booked(
    *, receiver: Address, organisation: str, candidate: str, title: str, when: str, when_before: str, link: str
) -> Mail:
    """Tell a recruiter that a candidate booked the loop, or moved it; then ``when_before`` is when it was to be."""
    before = {"when_before": when_before} if when_before else {}
    return merged(
        "loop_moved" if when_before else "loop_booked",
        receiver=receiver,
        organisation=organisation,
        candidate=candidate,
        requisition=title,
        when=when,
        link=link,
        **before,
    )
