"""Before e-mails go out by a person's action, the page shows who gets what, and lets a candidate's words be edited.

A verb is done, its e-mails are read, and all of it is taken back; the page shows them with the form's fields hidden
beside them. Sent from there, the verb is done for good, provided that it writes what was shown.
"""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.mail import editing, outbox
from tracker.mail.editing import BadWords
from tracker.mail.kinds import is_to_candidate
from tracker.mail.merge import mark
from tracker.mail.messages import Mail, Words
from tracker.mail.outbox import Posted
from tracker.pipeline import mail_edits
from tracker.rules.refused import Refused
from tracker.web.doing import done, person, session, wants_json
from tracker.web.forms import MAIL_FIELDS
from tracker.web.mail_text import without_keys

# Fields of the step itself, which the page makes anew.
_OWN = ("csrf_token", "shown", "send", "look", "change")


class ReadFirst(Refused):
    """The script asked for what writes e-mails, without a page to show them."""


@dataclass(frozen=True)
class Letter:
    """One e-mail of the step. ``words`` are what stands in its fields, None where they are not to be edited."""

    place: int
    mail: Mail
    words: Words | None = None
    facts: Sequence[tuple[str, str]] = ()
    is_edited: bool = False
    error: str = ""

    @property
    def is_to_candidate(self) -> bool:
        """Whether a candidate gets it, not one of the staff."""
        return is_to_candidate(self.mail.kind)

    @property
    def text(self) -> str:
        """What its receiver reads, without the keys of personal links."""
        return without_keys(self.mail.text)


def carry_out(
    act: Callable[[], str],
    to: str | Callable[[], str],
    heading: str,
    *,
    carry: dict[str, str] | None = None,
    cautions: Callable[[], Sequence[str]] = tuple,
    more: Callable[[], dict[str, Any]] = dict,
) -> ResponseReturnValue:
    """Do a verb and go on to ``to`` with the message that ``act`` returns, once the e-mails that it writes were read.

    ``heading`` names the verb; ``carry`` are fields that the form cannot bring again (a kept file). Asked for when the
    verb is done are ``cautions``, sentences about what it would make, and ``more``, what the page's script is told.
    Raises what ``act`` raises.
    """
    with outbox.watched(session()) as posted:
        message = act()
        session().flush()
    letters = [_letter(place, each) for place, each in enumerate(posted)]
    shown = _digest(posted)
    if letters and not ("send" in request.form and shown == request.form.get("shown") and not _errors(letters)):
        return _step(letters, shown, heading, carry or {}, cautions())
    edits = {each.place: each.words for each in letters if each.is_edited and each.words}
    mail_edits.apply(session(), posted, edits, by=person(), now=clock.now())
    return done(to if isinstance(to, str) else to(), message, **more())


def is_going_back() -> bool:
    """Whether the person wants to see the form (again) before anything is done: its suggestions, or to change it."""
    return "change" in request.form or "suggest" in request.form


def again() -> int:
    """Return the status of a form that is shown again: as wished, or because something is wrong with it."""
    return 200 if is_going_back() else 422


def _letter(place: int, posted: Posted) -> Letter:
    mail, offer = posted.mail, editing.offered(posted.mail)
    if offer is None:
        return Letter(place, mail)
    prefix = f"{MAIL_FIELDS}{place}-{mail.kind}"
    typed = editing.cleaned(
        Words(request.form.get(f"{prefix}-subject", offer.subject), request.form.get(f"{prefix}-text", offer.text))
    )
    facts = [(mark(name), without_keys(mail.values[name])) for name in editing.facts_in(offer)]
    if typed == offer:
        return Letter(place, mail, offer, facts)
    try:
        return Letter(place, editing.edited(mail, typed), typed, facts, is_edited=True)
    except BadWords as error:
        return Letter(place, mail, typed, facts, is_edited=True, error=error.message)


def _step(
    letters: Sequence[Letter], shown: str, heading: str, carry: dict[str, str], cautions: Sequence[str]
) -> ResponseReturnValue:
    """Take back what was done, and show what it would send."""
    session().rollback()
    if wants_json():
        raise ReadFirst("E-mails go out with this: do it from the page, where they can be read first.")
    typed = [pair for pair in request.form.items(multi=True) if not _is_own(pair[0]) and pair[0] not in carry]
    page = render_template(
        "mails/step.html",
        letters=letters,
        heading=heading,
        cautions=cautions,
        shown=shown,
        hidden=[*typed, *carry.items()],
        is_stale="send" in request.form and shown != request.form.get("shown"),
        errors=_errors(letters),
    )
    return page, 422 if "send" in request.form else 200


def _is_own(name: str) -> bool:
    return name in _OWN or name.startswith(MAIL_FIELDS)


def _errors(letters: Sequence[Letter]) -> list[Letter]:
    return [each for each in letters if each.error]


def _digest(posted: Sequence[Posted]) -> str:
    """Return a sum of who gets what, before it is edited; links of ours bear numbers and keys that are made anew."""
    own = re.compile(re.escape(current_app.config["TRACKER"].base_url) + r"\S*")
    said = ((mail.kind, mail.receiver.email, mail.subject, own.sub("", mail.text)) for mail in (p.mail for p in posted))
    return hashlib.sha256(repr(list(said)).encode()).hexdigest()
