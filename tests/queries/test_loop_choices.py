"""Whether a candidate is waited for, asked of many applications at once: as that candidate's own page has it."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tests.pipeline.test_loop_bookings import application, asked, booked, loop, people
from tracker.models.application import Application
from tracker.models.interview import Loop
from tracker.pipeline import deadline_clock, deadlines, loop_choices, moves
from tracker.pipeline import loop as verbs
from tracker.queries import loop_choices as queries
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.loop_choices import Choosing
from tracker.rules.stages import ApplicationState, Disposition, StageKind

pytestmark = pytest.mark.usefixtures("in_app")
__all__ = ["application", "loop", "people"]


def waited_for(session: Session) -> list[int]:
    session.commit()
    return list(session.scalars(select(Application.id).where(queries.is_waited_for())))


def _as_it_was(_session: Session, _loop: Loop) -> None:
    """Asked, and nothing else."""


def _switched_off(_session: Session, loop: Loop) -> None:  # noqa: F811
    loop.application.requisition.plan.candidates_choose = False


def _taken_back(session: Session, loop: Loop) -> None:  # noqa: F811
    loop_choices.revoke(session, loop, by=loop.application.requisition.recruiter, now=MONDAY)


def _chosen(session: Session, loop: Loop) -> None:  # noqa: F811
    booked(session, loop)


def _thrown_away(session: Session, loop: Loop) -> None:  # noqa: F811
    verbs.cancel(session, loop, reason="", by=loop.application.requisition.recruiter, now=MONDAY)


def _closed(session: Session, loop: Loop) -> None:  # noqa: F811
    by = loop.application.requisition.recruiter
    state, why = ApplicationState.WITHDRAWN, Disposition.CANDIDATE_WITHDREW
    moves.close(session, loop.application, state, why, by=by, now=MONDAY)


def _moved_on(_session: Session, loop: Loop) -> None:  # noqa: F811
    stages = loop.application.requisition.plan.stages
    loop.application.stage = next(each for each in stages if each.kind is StageKind.OUTCOME)
    loop.application.stage_kind = StageKind.OUTCOME


def _paused(session: Session, loop: Loop) -> None:  # noqa: F811
    _clock(session, loop, is_on_again=False)


def _resumed(session: Session, loop: Loop) -> None:  # noqa: F811
    _clock(session, loop, is_on_again=True)


def _clock(session: Session, loop: Loop, *, is_on_again: bool) -> None:  # noqa: F811
    of, by = loop.application, loop.application.requisition.recruiter
    kind = DeadlineKind.LOOP_INVITED
    row = deadlines.open_(session, of, kind, day0_at=MONDAY, owner=by, now=MONDAY)
    deadline_clock.pause(session, of, row, reason="On hold", by=by, now=MONDAY)
    if is_on_again:
        deadline_clock.resume(session, of, row, by=by, now=MONDAY)


@pytest.mark.parametrize(
    ("happens", "is_waited_for"),
    [
        (_as_it_was, True),
        (_resumed, True),
        (_switched_off, False),
        (_taken_back, False),
        (_chosen, False),
        (_thrown_away, False),
        (_closed, False),
        (_moved_on, False),
        (_paused, False),
    ],
)
def test_a_candidate_is_waited_for_while_the_own_page_offers_times(
    session: Session,
    world: World,
    loop: Loop,  # noqa: F811
    happens: Callable[[Session, Loop], None],
    is_waited_for: bool,
) -> None:
    # Of another plan.
    requisition = world.requisition("Another", plan=world.plan("Another"))
    other = asked(session, world.application(stage=StageKind.LOOP, requisition=requisition))
    happens(session, loop)
    session.flush()
    found = waited_for(session)
    assert other.application_id in found, "what happens to one is nothing to another"
    assert (loop.application_id in found) is is_waited_for
    standing = queries.standing(session, loop.application, MONDAY)
    assert (standing.choosing is Choosing.OFFERED) is is_waited_for
