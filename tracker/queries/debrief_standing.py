"""Where the debrief of an application stands for somebody, and who takes part in it; no contents."""

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session, joinedload

from tracker.db import AnySelect
from tracker.models.application import Application
from tracker.models.debrief import Debrief, Decision
from tracker.models.interview import Loop, LoopState
from tracker.queries import scorecards, visibility
from tracker.queries.debriefs import Lead, lines
from tracker.queries.visibility import NotFound, Right
from tracker.rules.permissions import Viewer
from tracker.rules.scorecards import ScorecardState
from tracker.statements import objects


@dataclass(frozen=True)
class Standing:
    """Where the debrief of an application stands, for one viewer with these rights over the application.

    ``has_loop``: one went out. ``own_missing`` is the viewer's own assignment without a submitted scorecard.
    ``is_open``: nothing is waited for, and the viewer may read what was written. ``decision`` is the one that stands;
    who shows it asks ``outcomes.may_know_decision`` where the viewer may not read.
    """

    application: Application
    rights: frozenset[Right]
    has_loop: bool
    debrief: Debrief | None
    missing: tuple[Lead, ...]
    own_missing: Lead | None
    may_read: bool
    decision: Decision | None
    voters: tuple[Lead, ...] = ()
    has_waived: bool = False

    @property
    def is_open(self) -> bool:
        """Whether the debrief may be read and voted in by this viewer."""
        return self.debrief is not None and not self.missing and self.may_read


def take_part(session: Session, viewer: Viewer, application_id: int) -> Standing:
    """Return where a debrief stands in which the viewer takes part: the recruiting side, the loop's interviewers.

    Raises NotFound to everybody else. Two statements.
    """
    found = objects(session, _standing(viewer), {"application": application_id}).one_or_none()
    if found is None or found[0].candidate_id in viewer.own_candidate_ids:
        raise NotFound(f"application {application_id}")
    application, loop_id, debrief, decision, may_read, *rights = found
    leads = lines(session, loop_id) if loop_id is not None else []
    has = visibility.rights_in(rights)
    if Right.READ not in has and viewer.person_id not in {each.person_id for each in leads}:
        raise NotFound(f"application {application_id}")
    own = (each for each in leads if each.person_id == viewer.person_id and each.state != ScorecardState.SUBMITTED)
    return Standing(
        application=application,
        rights=has,
        has_loop=loop_id is not None,
        debrief=debrief,
        missing=tuple(each for each in leads if each.is_missing),
        own_missing=next(own, None),
        may_read=bool(may_read),
        decision=decision,
        voters=tuple(each for each in leads if each.state is ScorecardState.SUBMITTED),
        has_waived=any(each.state is ScorecardState.WAIVED for each in leads),
    )


@lru_cache(maxsize=1024)
def _standing(viewer: Viewer) -> AnySelect:
    return (
        select(Application, Loop.id, Debrief, Decision, scorecards.unblind(viewer), *visibility.rights_columns(viewer))
        .select_from(Application)
        .outerjoin(Loop, and_(Loop.application_id == Application.id, Loop.state == LoopState.SENT))
        .outerjoin(Debrief, Debrief.loop_id == Loop.id)
        .outerjoin(Decision, and_(Decision.application_id == Application.id, Decision.superseded_at.is_(None)))
        .where(Application.id == bindparam("application"))
        .options(
            joinedload(Application.candidate),
            joinedload(Application.requisition),
            joinedload(Decision.owner),
        )
    )
