"""The mails that chase: nudges, and reminders of interviews."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from tests.mail.samples.facts import ADA, IAN, NOW, RITA, TITLE, WORKS, reminded
from tracker.mail import words_nudges, words_reminders
from tracker.mail.links import url, url_for_person
from tracker.mail.messages import Mail
from tracker.mail.words_nudges import Away, NudgeItem
from tracker.mail.words_reminders import Held
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.ladders import Role

DUE = datetime(2026, 12, 4, 22, 59, 59, tzinfo=UTC)
IAN_AWAY = Away("Ian Interviewer", date(2026, 12, 11))
PROMISE = DeadlineKind.PROMISE


def item(
    kind: DeadlineKind = DeadlineKind.SCORECARD,
    role: Role = Role.INTERVIEWER,
    *,
    stopped_after: int | None = None,
    away: tuple[Away, ...] = (),
    is_about_absence: bool = False,
    is_owner: bool = True,
    is_overdue: bool = False,
    is_due_today: bool = False,
    due_at: datetime = DUE,
) -> NudgeItem:
    return NudgeItem(
        kind=kind,
        role=role,
        due_at=due_at,
        zone="America/New_York",
        is_overdue=is_overdue,
        is_due_today=is_due_today,
        candidate="Ada Lovelace",
        title=TITLE,
        owner="Ian Interviewer",
        is_owner=is_owner,
        url=url_for_person("/scorecards/7" if is_owner else "/applications/3", 5, now=NOW),
        stopped_after=stopped_after,
        away=away,
        is_about_absence=is_about_absence,
    )


def nudge(*items: NudgeItem, asked_by: str = "") -> Mail:
    return words_nudges.nudges(receiver=IAN, organisation=WORKS, items=items, asked_by=asked_by)


OF_CHASE: dict[str, Callable[[], Mail]] = {
    "nudge": lambda: nudge(item()),
    "nudge-by-hand": lambda: nudge(item(is_overdue=True), asked_by="Rita Recruiter"),
    "nudge-overdue-promise": lambda: nudge(item(PROMISE, Role.RECRUITER, is_overdue=True)),
    "nudge-of-others": lambda: nudge(item(role=Role.RECRUITER, is_owner=False, is_overdue=True)),
    "nudge-gave-up": lambda: nudge(item(role=Role.RECRUITER, stopped_after=10, is_owner=False, is_overdue=True)),
    "nudge-of-somebody-away": lambda: nudge(
        item(role=Role.RECRUITER, away=(IAN_AWAY,), is_about_absence=True, is_owner=False)
    ),
    "digest": lambda: nudge(
        item(DeadlineKind.DEBRIEF, Role.OWNER),
        item(),
        item(role=Role.RECRUITER, away=(IAN_AWAY,), is_owner=False, is_overdue=True),
        item(PROMISE, Role.RECRUITING_LEAD, is_owner=False, is_overdue=True),
    ),
    "digest-of-a-promise-due-today": lambda: nudge(
        item(DeadlineKind.DEBRIEF, Role.OWNER, due_at=DUE + timedelta(days=3)),
        item(PROMISE, Role.RECRUITER, due_at=DUE + timedelta(days=2)),
        item(role=Role.RECRUITER, is_owner=False, is_overdue=True, due_at=DUE - timedelta(days=1)),
        item(PROMISE, Role.RECRUITER, is_due_today=True),
    ),
    "reminder_interviewer": lambda: words_reminders.for_interviewer(
        reminded(),
        receiver=IAN,
        organisation=WORKS,
        candidate="Ada Lovelace",
        title=TITLE,
        kit_url=url("/interviews/7"),
    ),
    "reminder_candidate": lambda: words_reminders.for_candidate(
        [reminded(1, "Asia/Kolkata")], receiver=ADA, organisation=WORKS, title=TITLE, recruiter=RITA
    ),
    "reminder_candidate-of-a-day": lambda: words_reminders.for_candidate(
        [reminded(1), reminded(2)], receiver=ADA, organisation=WORKS, title=TITLE, recruiter=RITA
    ),
    "interviewer_away": lambda: words_reminders.interviewer_away(
        receiver=RITA,
        organisation=WORKS,
        interviewer="Ian Interviewer",
        days="Mon 23 Nov 2026 to Fri 4 Dec 2026",
        interviews=[
            Held(reminded(1), "Ada Lovelace", TITLE, url("/applications/3")),
            Held(reminded(3), "Bo Candidate", TITLE, url("/applications/4")),
        ],
    ),
}
