"""What a decision rested on: all its versions, both votes, and the scorecards as they stood when it was made."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.models.application import Application
from tracker.models.debrief import Debrief, Decision
from tracker.models.person import InterviewKind
from tracker.models.scorecard import Scorecard, ScorecardVersion
from tracker.queries import blind_overrides, debrief_votes, debriefs, scorecards
from tracker.queries.visibility import NotFound
from tracker.queries.waivers import Waiver, left_out, waivers
from tracker.rules.permissions import Viewer
from tracker.rules.scorecards import Recommendation


@dataclass(frozen=True)
class Card:
    """A scorecard as it stood when it was decided: the ``number`` of its version, what that held, when it was written.

    ``number`` 0: it came in only afterwards, and nothing of it counted. ``later`` are the versions written since.
    ``ratings`` are by the names of competencies.
    """

    assignment_id: int
    author: str
    interview: str
    is_of_loop: bool
    number: int
    later: int
    at: datetime | None
    recommendation: Recommendation | None
    ratings: dict[str, int]


@dataclass(frozen=True)
class Record:
    """The whole record. ``decisions`` are all versions, the latest first; ``competencies`` those that were rated in
    the loop, then those that nobody evaluated; ``cards`` are as of the latest decision."""

    application: Application
    decisions: Sequence[Decision]
    debrief: Debrief | None
    votes: tuple[debrief_votes.VoteLine, ...]
    cards: tuple[Card, ...]
    waivers: tuple[Waiver, ...]
    competencies: tuple[str, ...]
    overrides: tuple[blind_overrides.Lifted, ...]

    @property
    def by_competency(self) -> tuple[tuple[str, tuple[tuple[str, int], ...], str], ...]:
        """Return (competency, who rated it how, what the latest decision says of it) of all that either names."""
        said = self.decisions[0].by_competency
        of_loop = [each for each in self.cards if each.is_of_loop]
        rated = {
            name: tuple((each.author, each.ratings[name]) for each in of_loop if name in each.ratings)
            for name in dict.fromkeys((*self.competencies, *said))
        }
        return tuple((name, ratings, said.get(name, "")) for name, ratings in rated.items())


def record(session: Session, viewer: Viewer, application: Application, cards: Sequence[Scorecard]) -> Record:
    """Return the record of an application's decisions; ``cards`` are the submitted scorecards that the viewer may read.

    Raises NotFound where there is no decision, and to those who may not read what was written.
    """
    decisions = _decisions(session, viewer, application.id)
    if not decisions:
        raise NotFound(f"decision of application {application.id}")
    loop = debriefs.loop_of(session, application.id)
    debrief = debriefs.debrief_of(session, loop) if loop else None
    found = tuple(_cards(session, viewer, cards, decisions[0].decided_at))
    rated = tuple({name: None for each in found if each.is_of_loop for name in each.ratings})
    waived = waivers(session, viewer, application.id)
    return Record(
        application=application,
        decisions=decisions,
        debrief=debrief,
        votes=debrief_votes.vote_lines(session, viewer, debrief) if debrief else (),
        cards=found,
        waivers=waived,
        competencies=rated + left_out(waived, rated),
        overrides=blind_overrides.of_application(session, viewer, application.id),
    )


def _decisions(session: Session, viewer: Viewer, application_id: int) -> Sequence[Decision]:
    return session.scalars(
        select(Decision)
        .join(Application, Decision.application_id == Application.id)
        .where(Application.id == application_id, scorecards.unblind(viewer))
        .order_by(Decision.decided_at.desc(), Decision.id.desc())
        .options(joinedload(Decision.owner))
    ).all()


def _cards(session: Session, viewer: Viewer, cards: Sequence[Scorecard], decided_at: datetime) -> Iterator[Card]:
    rows = session.scalars(
        select(ScorecardVersion)
        .join(Scorecard, ScorecardVersion.scorecard_id == Scorecard.id)
        .where(Scorecard.id.in_([each.id for each in cards]), scorecards.readable(viewer))
        .order_by(ScorecardVersion.number)
    ).all()
    for card in cards:
        yield _card(card, [row for row in rows if row.scorecard_id == card.id], decided_at)


def _card(card: Scorecard, versions: Sequence[ScorecardVersion], decided_at: datetime) -> Card:
    counted = [row for row in versions if row.at <= decided_at]
    last = counted[-1] if counted else None
    said = last.content if last else {}
    recommended = said.get("recommendation")
    return Card(
        assignment_id=card.assignment_id,
        author=card.author.name,
        interview=card.assignment.interview.name,
        is_of_loop=card.assignment.interview.kind is InterviewKind.LOOP,
        number=last.number if last else 0,
        later=len(versions) - len(counted),
        at=last.at if last else None,
        recommendation=Recommendation(recommended) if recommended else None,
        ratings={each["competency"]: each["rating"] for each in said.get("ratings", ())},
    )
