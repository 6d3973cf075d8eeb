"""The people of the demo organisation: who they are, where they sit, what they may interview for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models.competency import Competency
from tracker.models.person import InterviewerQualification, InterviewKind, Person
from tracker.models.region import Region
from tracker.pipeline import staffing
from tracker.rules.words import fold_words

PASSWORD = "northwind"  # noqa: S105 - the demo tells it to everybody
DOMAIN = "northwind.example"
BERLIN, LONDON, SEATTLE = "Europe/Berlin", "Europe/London", "America/Los_Angeles"
WEEKLY_CAP = 8


@dataclass(frozen=True)
class Part:
    """One person of the cast."""

    name: str
    zone: str
    team: str
    roles: tuple[str, ...] = ()

    @property
    def email(self) -> str:
        """First name at the demo's domain."""
        return f"{fold_words(self.name)[0]}@{DOMAIN}"


RECRUITER, LEAD, MANAGER, OTHER_MANAGER, ADMIN = (
    Part("Rosa Marchetti", BERLIN, "Recruiting", ("recruiter",)),
    Part("Leila Haddad", LONDON, "Recruiting", ("recruiter", "recruiting_lead")),
    Part("Hannah Weiss", BERLIN, "Product security", ("senior_leader",)),
    Part("Marcus Bell", SEATTLE, "Detection and response", ("senior_leader",)),
    Part("Ada Okafor", BERLIN, "Operations", ("admin",)),
)
INTERVIEWERS = (
    Part("Ivan Petrov", BERLIN, "Product security"),
    Part("Ines Duarte", BERLIN, "Cloud security"),
    Part("Tomás Novák", BERLIN, "Cloud security", ("bar_raiser",)),
    Part("Yuki Tanaka", LONDON, "Detection and response", ("bar_raiser",)),
    Part("Omar Farouk", LONDON, "Detection and response", ("senior_leader", "bar_raiser")),
    Part("Greta Lindqvist", BERLIN, "Identity"),
    Part("Samuel Adeyemi", LONDON, "Identity", ("bar_raiser",)),
    Part("Chloé Laurent", BERLIN, "Product security"),
    Part("Dmitri Volkov", BERLIN, "Cryptography", ("bar_raiser",)),
    Part("Priya Raman", LONDON, "Cryptography"),
    Part("Jonas Keller", BERLIN, "Product security"),
    Part("Noor Rahman", LONDON, "Cloud security", ("bar_raiser",)),
    Part("Felix Brandt", BERLIN, "Identity"),
    Part("Aoife Byrne", LONDON, "Detection and response"),
)
# On the way to interview: nobody asks them to hold one yet.
LEARNERS = (
    Part("Mira Sato", BERLIN, "Cloud security"),
    Part("Theo Okonkwo", LONDON, "Detection and response"),
)
SIGN_INS = (
    ("recruiter", RECRUITER),
    ("hiring manager", MANAGER),
    ("interviewer", INTERVIEWERS[0]),
    ("interviewer", INTERVIEWERS[1]),
    ("in training", LEARNERS[1]),
    ("recruiting lead", LEAD),
    ("admin", ADMIN),
)


def hire(session: Session, now: datetime) -> dict[str, Person]:
    """Write the cast into an empty database; return the people by their first names."""
    regions = {region.zone: region.id for region in session.scalars(select(Region))}
    people = {}
    for part in (RECRUITER, LEAD, MANAGER, OTHER_MANAGER, ADMIN, *INTERVIEWERS, *LEARNERS):
        person = staffing.add_person(
            session,
            name=part.name,
            email=part.email,
            password=PASSWORD,
            zone=part.zone,
            roles=part.roles,
            by=None,
            now=now,
        )
        person.team, person.weekly_cap = part.team, WEEKLY_CAP
        person.region_id = regions.get(part.zone)
        people[part.name.split()[0]] = person
    session.flush()
    _qualify(session, [people[part.name.split()[0]] for part in (*INTERVIEWERS, MANAGER, OTHER_MANAGER)])
    return people


def _qualify(session: Session, people: Sequence[Person]) -> None:
    """Everybody evaluates all but one or two competencies; senior leaders hold phone screens in all."""
    competencies = session.scalars(select(Competency).order_by(Competency.id)).all()
    for number, person in enumerate(people):
        for place, competency in enumerate(competencies):
            if (number + place) % 9:
                _add(session, person, competency, InterviewKind.LOOP)
            if person.is_senior_leader:
                _add(session, person, competency, InterviewKind.PHONE_SCREEN)


def _add(session: Session, person: Person, competency: Competency, kind: InterviewKind) -> None:
    session.add(InterviewerQualification(person_id=person.id, competency_id=competency.id, kind=kind))
