"""The people, the moments and the interviews that the samples tell of."""

from datetime import UTC, datetime, timedelta

from tracker.mail.meetings import Meeting, StaffNotice
from tracker.mail.messages import Address
from tracker.mail.words_reminders import Reminded

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
START = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
ADA = Address("Ada Lovelace", "ada@candidates.example")
RITA = Address("Rita Recruiter", "rita@tracker.example")
IAN = Address("Ian Interviewer", "ian@tracker.example")
WORKS = "Example Works"
TITLE = "Security Engineer"


def meeting(
    number: int = 1,
    *,
    zone: str = "Europe/Berlin",
    sequence: int = 0,
    is_cancelled: bool = False,
    before: datetime | None = None,
) -> Meeting:
    starts_at = START + timedelta(hours=number - 1)
    return Meeting(
        uid=f"uid-{number}",
        sequence=sequence,
        name=f"Interview {number}",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        place="https://meet.example/room",
        zone=zone,
        with_whom="Ian Interviewer",
        is_cancelled=is_cancelled,
        before=(before, before + timedelta(hours=1)) if before else None,
    )


def reminded(number: int = 1, zone: str = "Europe/Berlin") -> Reminded:
    starts_at = START + timedelta(hours=number - 1)
    return Reminded(f"Interview {number}", starts_at, starts_at + timedelta(hours=1), zone, "https://meet.example/room")


def notice(receiver: Address, shown: Meeting) -> StaffNotice:
    return StaffNotice(receiver, WORKS, ADA.name, TITLE, shown, RITA)
