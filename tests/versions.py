"""What a browser does by itself: a form sends the version of the row that it was made from."""

import re
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from tracker.models.application import Application
from tracker.models.competency import Competency
from tracker.models.deadline import Deadline
from tracker.models.debrief import Debrief
from tracker.models.interview import Interview, Loop
from tracker.models.interview_plan import InterviewPlan
from tracker.models.person import Person
from tracker.models.region import Region
from tracker.models.requisition import Requisition
from tracker.models.scorecard import Scorecard
from tracker.models.self_identification import SelfIdentificationQuestion

# Where a form goes, whose version it bears, by what the number in the address finds it, what its field begins with.
FORMS: tuple[tuple[str, Any, InstrumentedAttribute[int], str], ...] = (
    ("/applications/N/(move|close|reopen|undo)", Application, Application.id, ""),
    ("/applications/N/(screens/new|screens/outcome)", Application, Application.id, ""),
    ("/applications/N/(qualifications/go-on|qualifications/reject)", Application, Application.id, ""),
    ("/applications/N/offer/(accepted|declined)", Application, Application.id, ""),
    ("/applications/N/loop/(best|take|times|people|override|send|cancel)", Loop, Loop.application_id, ""),
    ("/applications/[0-9]+/(?:screens|loop/interviews)/N(/cancel|/replace)?", Interview, Interview.id, ""),
    ("/applications/N/debrief/(notes|hold)", Debrief, Debrief.application_id, ""),
    ("/scorecards/N(/draft|/amend)?", Scorecard, Scorecard.assignment_id, ""),
    ("/deadlines/N/(pause|resume)", Deadline, Deadline.id, ""),
    ("/deadlines/N/extend", Deadline, Deadline.id, "extend-"),
    ("/requisitions/N/(edit|close|reopen)", Requisition, Requisition.id, ""),
    ("/settings/competencies/N", Competency, Competency.id, ""),
    ("/settings/self-identification/N", SelfIdentificationQuestion, SelfIdentificationQuestion.id, ""),
    ("/settings/people/N", Person, Person.id, ""),
    ("/settings/people/N/qualifications", Person, Person.id, "qualifications-"),
    ("/settings/regions/N", Region, Region.id, ""),
    ("/settings/regions/N/days", Region, Region.id, "day-"),
    ("/settings/regions/N/(days/[0-9]+/remove|years/[0-9]+/enter|differences)", Region, Region.id, ""),
    ("/settings/plans/N/basics", InterviewPlan, InterviewPlan.id, "basics-"),
    ("/settings/plans/N/stages", InterviewPlan, InterviewPlan.id, "plan-"),
    ("/settings/plans/N/interviews", InterviewPlan, InterviewPlan.id, "loop-"),
    ("/settings/plans/N/competencies", InterviewPlan, InterviewPlan.id, "cover-"),
    ("/settings/plans/N/limits", InterviewPlan, InterviewPlan.id, "limit-"),
    ("/settings/plans/N/(limits/[0-9]+/take-back|reminders/[a-z_]+(/default)?)", InterviewPlan, InterviewPlan.id, ""),
)


def versioned(session: Session, path: str, data: Any) -> Any:
    """Return the data of a form with the version of its row, as it is now, unless the test says one."""
    if not isinstance(data, dict | None):
        return data
    for pattern, row, key, prefix in FORMS:
        found = re.fullmatch(pattern.replace("N", "([0-9]{1,9})"), path)
        field = f"{prefix}version"
        if found is not None and field not in (data or {}):
            version = session.scalar(select(row.version).where(key == int(found[1])).order_by(row.id.desc()).limit(1))
            # What is read here must not keep the test from seeing what the request writes.
            session.commit()
            return (data or {}) | ({} if version is None else {field: version})
    return data
