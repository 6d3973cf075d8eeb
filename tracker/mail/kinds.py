"""The kinds of e-mails: who gets one, when, and which merge fields its words may have.

A candidate's e-mails offer only what the candidate may know. A fact (a time, a link, a promise) stays a field where a
person edits the words of one e-mail, so that what goes out is what holds in that moment.
"""

from collections.abc import Mapping

from tracker.mail.kinds_candidates import TO_CANDIDATES
from tracker.mail.kinds_choices import OF_CHOICES
from tracker.mail.kinds_debriefs import ON_DEBRIEFS
from tracker.mail.kinds_staff import TO_STAFF
from tracker.mail.kinds_training import ON_TRAINING
from tracker.mail.merge_fields import Kind

KINDS: Mapping[str, Kind] = {
    kind.name: kind for kind in (*TO_CANDIDATES, *TO_STAFF, *ON_DEBRIEFS, *OF_CHOICES, *ON_TRAINING)
}


def is_to_candidate(name: str) -> bool:
    """Whether e-mails of this kind go to candidates; "outcome" is what the recruiter made of one of the two drafts."""
    return name == "outcome" or (name in KINDS and KINDS[name].is_to_candidate)
