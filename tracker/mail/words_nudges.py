"""Nudges: what is wanted, for whom, by when, and why its reader gets it. Several in one morning are one digest."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.mail.links import url
from tracker.mail.messages import Address, Mail, render
from tracker.rules.deadlines import DeadlineKind, Standing, StandingState
from tracker.rules.nudges import Role
from tracker.rules.zones import day_words, local

WANTED = {
    DeadlineKind.APPLICATION_REVIEW: "Judge the application of {candidate}",
    DeadlineKind.PHONE_SCREEN_OUTCOME: "Decide on the phone screen of {candidate}",
    DeadlineKind.LOOP_INVITED: "Plan and send the interview loop for {candidate}",
    DeadlineKind.SCORECARD: "Write your scorecard for {candidate}",
    DeadlineKind.DEBRIEF: "Hold the debrief about {candidate}",
    DeadlineKind.DECISION: "Record the decision about {candidate}",
    DeadlineKind.PROMISE: "Deliver the outcome to {candidate}",
}
MISSING = {
    DeadlineKind.APPLICATION_REVIEW: "The application of {candidate} is not judged yet ({owner})",
    DeadlineKind.PHONE_SCREEN_OUTCOME: "The phone screen of {candidate} waits for a decision ({owner})",
    DeadlineKind.LOOP_INVITED: "The interview loop for {candidate} has not gone out ({owner})",
    DeadlineKind.SCORECARD: "{owner} has not written the scorecard for {candidate}",
    DeadlineKind.DEBRIEF: "The debrief about {candidate} was not held ({owner})",
    DeadlineKind.DECISION: "The decision about {candidate} is missing ({owner})",
    DeadlineKind.PROMISE: "{candidate} still waits for the outcome ({owner})",
}
WHY = {
    Role.OWNER: "it is yours to do",
    Role.INTERVIEWER: "you held this interview",
    Role.RECRUITER: "you are the recruiter of this requisition",
    Role.HIRING_MANAGER: "you are the hiring manager of this requisition",
    Role.RECRUITING_LEAD: "you lead recruiting, and a promise to a candidate is not kept",
}


@dataclass(frozen=True)
class NudgeItem:
    """One deadline that a nudge is about. Nothing of any scorecard."""

    kind: DeadlineKind
    role: Role
    step: str
    standing: Standing
    candidate: str
    title: str
    owner: str
    is_owner: bool
    path: str


def nudges(*, receiver: Address, organisation: str, items: Sequence[NudgeItem]) -> Mail:
    """Return the nudge about one deadline, or the digest of several."""
    lines = [_line(item) for item in items]
    kind = "nudge" if len(lines) == 1 else "digest"
    return render(kind, receiver=receiver, organisation=organisation, lines=lines, line=lines[0])


def _line(item: NudgeItem) -> dict[str, str | bool]:
    stopped = item.step == "gave_up"
    words = (WANTED if item.is_owner else MISSING)[item.kind].format(candidate=item.candidate, owner=item.owner)
    due = local(item.standing.due_at, item.standing.zone)
    return {
        "wanted": words,
        "title": item.title,
        "due": f"{day_words(due.date())}, {due:%H:%M} ({item.standing.zone})",
        "stands": item.standing.words,
        "is_overdue": item.standing.state is StandingState.OVERDUE,
        "stopped": f"Reminders to {item.owner} have stopped after ten business mornings." if stopped else "",
        "why": WHY[item.role],
        "url": url(item.path),
    }
