"""The e-mails about a loop whose times its candidate chooses: to the candidate, and to the recruiter."""

from tracker.mail.kinds_staff import RECRUITING, link_field
from tracker.mail.merge_fields import (
    CANDIDATE,
    CANDIDATES,
    ORGANISATION,
    RECRUITER,
    RECRUITER_EMAIL,
    REQUISITION,
    WHEN,
    WHEN_BEFORE,
    Field,
    Kind,
)

_TOLD = (
    Field("receiver", "the name of whoever gets it", "Rita Recruiter"),
    ORGANISATION,
    CANDIDATE,
    REQUISITION,
    WHEN,
    link_field("the link to the loop", "/applications/3/loop"),
)
_TIMES = link_field("the link to the times", "/my/…/loop")
_WHY_TOLD = "You get this e-mail because you are the recruiter of this requisition."

OF_CHOICES = (
    Kind(
        "loop_choice",
        "Loop: choose a time",
        CANDIDATES,
        "When a recruiter lets the candidate choose",
        (CANDIDATE, REQUISITION, ORGANISATION, RECRUITER, RECRUITER_EMAIL, _TIMES),
        "You get this e-mail because of an application at {{ organisation }}.",
    ),
    Kind(
        "loop_booked",
        "Loop booked by the candidate",
        RECRUITING,
        "When a candidate chooses among the times offered",
        _TOLD,
        _WHY_TOLD,
    ),
    Kind(
        "loop_moved",
        "Loop moved by the candidate",
        RECRUITING,
        "When a candidate moves a loop that he or she booked",
        (*_TOLD, WHEN_BEFORE),
        _WHY_TOLD,
    ),
)
