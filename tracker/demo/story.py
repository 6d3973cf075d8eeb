"""What has happened in the demo organisation so far: told through the same verbs that the pages use, day by day."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.demo import cast, identified, lines
from tracker.demo.teller import Teller
from tracker.models.application import Application
from tracker.models.interview_plan import InterviewPlan
from tracker.models.person import Person
from tracker.models.record import Organisation
from tracker.models.region import Region
from tracker.models.requisition import Requisition
from tracker.pipeline import requisitions, seed
from tracker.pipeline.requisitions import Details, Wording
from tracker.rules.qualifications import QualificationKind

PASSWORD = cast.PASSWORD
# Who leads which interview, by its position, of the loop to come and of the one whose last two scorecards are owed:
# whom the greeting names shall have something to do.
ASKED_NEXT, ASKED_LAST = {2: "Ivan", 4: "Ines"}, {4: "Ivan", 5: "Ines"}
# So that he has sat in one loop, and comes along to another: who began long before him has the seats until then.
THEO_BEGINS_BEFORE = "Zofia Kowalska"


@dataclass(frozen=True)
class SignIn:
    """Whom the demo's greeting offers to sign in as."""

    role: str
    email: str


def cast_of(_session: Session) -> list[SignIn]:
    """Return the people to sign in as."""
    return [SignIn(role, part.email) for role, part in cast.SIGN_INS]


def tell(session: Session, now: datetime, documents: Path) -> None:
    """Fill an empty database with the organisation, its people and its candidates as they stand at ``now``.

    Needs an application context, as all verbs that write mail do. Resumes are written under ``documents``.
    """
    seed.seed(session, now=now)
    session.get_one(Organisation, 1).name = "Northwind Security"
    session.get_one(Organisation, 1).careers_text = lines.CAREERS
    people = cast.hire(session, now)
    teller = Teller(session, people, now, documents)
    engineer, detection, secret = _requisitions(session, people, teller.at(-25, 9))
    teller.learns("Mira", engineer.plan, -24)
    _engineers(teller, engineer)
    for name in lines.DETECTION:
        teller.applies(detection, name, -2)
    teller.applies(secret, "Victor Stein", -1)
    identified.tell(session, people["Ada"], teller.at(-25, 9), now)
    session.flush()


def _requisitions(session: Session, people: dict[str, Person], opened_at: datetime) -> Sequence[Requisition]:
    plan = session.scalars(select(InterviewPlan)).first()
    regions = {region.zone: region.id for region in session.scalars(select(Region))}
    assert plan is not None  # noqa: S101 - the seed brought it

    def opened(title: str, team: str, zone: str, manager: Person, secret: bool = False) -> Requisition:
        details = Details(
            title=title,
            team=team,
            location=lines.LOCATIONS[zone],
            description=lines.DESCRIPTION,
            region_id=regions.get(zone) or min(regions.values()),
            hiring_manager_id=manager.id,
            recruiter_id=people["Rosa"].id,
            openings=2,
            is_confidential=secret,
            member_ids=frozenset({people["Chloé"].id, people["Jonas"].id}),
        )
        wordings = [Wording(QualificationKind.BASIC, text) for text in lines.BASIC]
        wordings += [Wording(QualificationKind.PREFERRED, text) for text in lines.PREFERRED]
        return requisitions.open_(session, plan.id, details, wordings, by=people["Rosa"], now=opened_at)

    return (
        opened("Security Engineer", "Product security", cast.BERLIN, people["Hannah"]),
        opened("Detection Engineer", "Detection and response", cast.SEATTLE, people["Marcus"]),
        opened("Head of Incident Response", "Detection and response", cast.LONDON, people["Hannah"], secret=True),
    )


def _engineers(teller: Teller, requisition: Requisition) -> None:
    """One candidate or more for each place that an application can be in; days are business days from today."""
    tell_of: tuple[tuple[str, Callable[[Application], object], int], ...] = (
        ("Mei Lin", lambda a: None, 0),
        ("Oskar Nilsson", lambda a: None, -1),
        ("Fatou Diallo", lambda a: None, -4),
        ("Ben Archer", lambda a: None, -7),
        ("Carla Rossi", lambda a: teller.rejected_early(a, -3), -5),
        ("Hugo Martin", lambda a: teller.to_phone_screen(a, -1), -4),
        ("Nadia Karimi", lambda a: teller.screen_arranged(a, -2, 1, 13), -5),
        ("Peter Novotny", lambda a: teller.screen_arranged(a, -4, -2, 14), -7),
        ("Sofia Papadaki", lambda a: teller.screen_held(a, -5, -1, 12), -8),
        ("Liam O’Connor", lambda a: teller.screen_held(a, -8, -4, 9), -11),
        ("Wei Zhang", lambda a: teller.choosing(a, -7, -4, 10), -10),
        ("Elena Popescu", lambda a: teller.loop_draft(a, -9, -5, 15), -12),
        ("Arjun Mehta", lambda a: teller.loop_sent(a, -10, -7, 2, ASKED_NEXT), -13),
        ("Zofia Kowalska", lambda a: teller.loop_written(a, -12, -9, -1, scorecards=3, asked=ASKED_LAST), -15),
        ("David Cohen", lambda a: teller.loop_written(a, -13, -10, -2, scorecards=5), -16),
        ("Amara Nwosu", lambda a: teller.debrief_held(a, -14, -11, -3), -17),
        ("Lucas Fischer", lambda a: teller.decided(a, -16, -13, -5, hire=True), -18),
        ("Hana Suzuki", lambda a: teller.loop_written(a, -18, -15, -7, scorecards=4), -20),
        ("Mateo García", lambda a: teller.told(a, -20, -17, -11, hire=True), -21),
        ("Ingrid Solberg", lambda a: teller.hired(a, -20, -18, -13), -22),
        ("Thomas Reid", lambda a: teller.told(a, -21, -19, -15, hire=False), -23),
        ("Yara Haddad", lambda a: teller.withdrew(a, -6), -9),
    )
    # The past first: each loop then finds the people whom the earlier ones have left free.
    for name, rest, applied in sorted(tell_of, key=lambda told: told[2]):
        if name == THEO_BEGINS_BEFORE:
            teller.learns("Theo", requisition.plan, -11)
        rest(teller.applies(requisition, name, applied))
