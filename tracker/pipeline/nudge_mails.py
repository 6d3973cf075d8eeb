"""The mail of nudges: one for each receiver, with the facts on which it rests and until when its words are right."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from sqlalchemy.orm import Session

from tracker.mail import outbox, words_nudges
from tracker.mail.links import url_for_person
from tracker.mail.messages import Address
from tracker.mail.outbox import Draft
from tracker.models.deadline import Nudge
from tracker.models.person import Person
from tracker.queries.nudges import Chase
from tracker.queries.organisation import organisation_name
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.nudges import AWAY, GAVE_UP, THE_DAY, absent

PATHS = {
    DeadlineKind.APPLICATION_REVIEW: "/applications/{application}/qualifications",
    DeadlineKind.PHONE_SCREEN_OUTCOME: "/applications/{application}/screens/outcome",
    DeadlineKind.LOOP_INVITED: "/applications/{application}/loop",
    DeadlineKind.SCORECARD: "/scorecards/{subject}",
    DeadlineKind.DEBRIEF: "/applications/{application}/debrief",
    DeadlineKind.DECISION: "/applications/{application}/decision",
    DeadlineKind.PROMISE: "/applications/{application}/outcome",
}


@dataclass
class Letter:
    """What one receiver is told in one mail. ``ends`` are the moments at which something new is to be said.

    ``asked_by`` is the name of who reminds by hand, empty where the ladder does.
    """

    raised: list[tuple[Nudge, Chase]] = field(default_factory=list)
    ends: list[datetime] = field(default_factory=list)
    asked_by: str = ""

    def add(self, nudge: Nudge, chase: Chase, ends: Sequence[datetime]) -> None:
        """Have it say one nudge more."""
        self.raised.append((nudge, chase))
        self.ends += ends

    @property
    def nudges(self) -> list[Nudge]:
        """The nudges that it says."""
        return [nudge for nudge, _ in self.raised]

    @property
    def key(self) -> str:
        """The facts and their versions; what is left of a dropped digest is another set, hence another key."""
        nudges = self.nudges
        names = sorted(f"deadline:{each.deadline_id}:v{each.revision}:{each.step}" for each in nudges)
        key = names[0] if len(names) == 1 else f"digest:{sha256(' '.join(names).encode()).hexdigest()}"
        return f"{key}:person {nudges[0].person_id}"

    def until(self, now: datetime) -> dict[str, str]:
        """When its words are no longer right: the next step is due, or what is due becomes overdue."""
        due = [nudge.deadline.due_at for nudge in self.nudges if nudge.deadline.due_at > now]
        first = min([*self.ends, *due], default=None)
        return {"until": first.isoformat()} if first else {}


def post(session: Session, letters: Sequence[Letter], *, now: datetime) -> None:
    """Put letters into the outbox."""
    if letters:
        organisation = organisation_name(session)
        outbox.post_all(session, [_draft(session, each, organisation, now) for each in letters], now=now)


def post_one(session: Session, letter: Letter, *, now: datetime) -> None:
    """Put one letter into the outbox, where a person causes it: whoever watches the verb is told of it."""
    draft = _draft(session, letter, organisation_name(session), now)
    outbox.post(
        session,
        draft.mail,
        now=now,
        dedupe_key=draft.dedupe_key,
        fact=draft.fact,
        person=draft.person,
        application=draft.application,
    )


def _draft(session: Session, letter: Letter, organisation: str, now: datetime) -> Draft:
    person = letter.raised[0][0].person
    mail = words_nudges.nudges(
        receiver=Address.of(person),
        organisation=organisation,
        items=[_item(session, nudge, chase, now) for nudge, chase in letter.raised],
        asked_by=letter.asked_by,
    )
    return Draft(
        mail,
        dedupe_key=letter.key,
        fact={"nudges": [nudge.id for nudge in letter.nudges]} | letter.until(now),
        person=person,
        application=letter.raised[0][1].application if len(letter.raised) == 1 else None,
        about=tuple(chase.application.id for _, chase in letter.raised) if len(letter.raised) > 1 else (),
    )


def _is_due_today(chase: Chase, now: datetime) -> bool:
    calendar = chase.case.calendar
    return calendar.today(now) == calendar.today(chase.deadline.due_at)


def _item(session: Session, nudge: Nudge, chase: Chase, now: datetime) -> words_nudges.NudgeItem:
    deadline, application = chase.deadline, chase.application
    is_owner = deadline.owner_id == nudge.person_id
    path = PATHS[deadline.kind] if is_owner else "/applications/{application}"
    return words_nudges.NudgeItem(
        kind=deadline.kind,
        role=nudge.role,
        due_at=deadline.due_at,
        zone=nudge.person.zone,
        is_overdue=now > deadline.due_at,
        is_due_today=nudge.step == THE_DAY or _is_due_today(chase, now),
        candidate=application.candidate.name,
        title=application.requisition.title,
        owner=deadline.owner.name,
        is_owner=is_owner,
        url=url_for_person(
            path.format(application=deadline.application_id, subject=deadline.subject), nudge.person_id, now=now
        ),
        stopped_after=chase.case.ladder.last if nudge.step.startswith(GAVE_UP) else None,
        is_about_absence=nudge.step.startswith(AWAY),
        away=tuple(
            words_nudges.Away(session.get_one(Person, other).name, absence.last_on)
            for other, absence in absent(chase.case, nudge.person_id, now)
        ),
    )
