"""The e-mails of a debrief and of the decision after it: that there is something to do, and nothing of what it says."""

from tracker.mail.kinds_staff import ABOUT, NUDGED, RECRUITING, link_field
from tracker.mail.merge_fields import Field, Kind

_DUE = Field(
    "due", "by when, or “soon” where its clock stands", "by Fri 4 Dec 2026, 23:59 (Europe/Berlin)", is_fact=True
)

ON_DEBRIEFS = (
    Kind(
        "debrief_ready",
        "Debrief open",
        "Hiring manager and recruiter",
        "When the last scorecard of a loop is in, or waived",
        (
            *ABOUT,
            _DUE,
            Field("part", "what is the receiver’s in it", "it is yours to lead. Read, vote again, discuss, close it."),
            link_field("the link to the debrief", "/applications/3/debrief"),
        ),
        NUDGED,
    ),
    Kind(
        "debrief_vote",
        "Debrief: vote again",
        "Interviewers of the loop",
        "When the last scorecard of a loop is in, or waived",
        (*ABOUT, _DUE, link_field("the link to the debrief", "/applications/3/debrief")),
        "You get this because you interviewed in this loop.",
    ),
    Kind(
        "decision_made",
        "Decision recorded",
        RECRUITING,
        "When somebody else has recorded the decision",
        (*ABOUT, _DUE, link_field("the link to the outcome", "/applications/3/outcome")),
        "You get this because you are the recruiter of this requisition.",
    ),
    Kind(
        "decision_changed",
        "Decision recorded anew",
        RECRUITING,
        "When somebody else has put another decision in the place of one that the receiver knew of",
        (*ABOUT, _DUE, link_field("the link to the outcome", "/applications/3/outcome")),
        "You get this because you are the recruiter of this requisition.",
    ),
)
