"""The sheet on which the qualifications of one application are judged."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.models.application import Application, QualificationJudgement
from tracker.models.requisition import Qualification
from tracker.queries.moves import stages_of
from tracker.rules.qualifications import BasicsStanding, QualificationKind, standing_of_basics
from tracker.rules.stages import ApplicationState, StageKind, StageView, next_stage


@dataclass(frozen=True)
class Line:
    """One qualification and how it was judged, if it was."""

    qualification: Qualification
    judgement: QualificationJudgement | None


@dataclass(frozen=True)
class Sheet:
    """All qualifications of one application, how the basic ones stand, and where the application would go next."""

    application: Application
    basic: Sequence[Line]
    preferred: Sequence[Line]
    standing: BasicsStanding
    following: StageView | None

    @property
    def is_active(self) -> bool:
        """Whether anything can be judged."""
        return self.application.state is ApplicationState.ACTIVE

    @property
    def judges_basic(self) -> bool:
        """Whether basic qualifications can be judged now: they are what the first stage is for."""
        return self.is_active and self.application.stage_kind is StageKind.APPLICATION

    @property
    def can_go_on(self) -> bool:
        """Whether the application can leave the stage forward."""
        return self.judges_basic and self.standing.all_met and self.following is not None


def sheet(session: Session, application: Application) -> Sheet:
    """Return the sheet. Retired qualifications are on it where this application was judged on them."""
    judged = {row.qualification_id: row for row in _judgements(session, application)}
    rows = session.scalars(
        select(Qualification)
        .where(Qualification.requisition_id == application.requisition_id)
        .order_by(Qualification.is_active.desc(), Qualification.position)
    )
    lines = [Line(row, judged.get(row.id)) for row in rows if row.is_active or row.id in judged]
    basic = [line for line in lines if line.qualification.kind is QualificationKind.BASIC]
    stages = stages_of(session, application)
    current = next(stage for stage in stages if stage.id == application.stage_id)
    return Sheet(
        application=application,
        basic=basic,
        preferred=[line for line in lines if line.qualification.kind is QualificationKind.PREFERRED],
        standing=standing_of_basics(
            {
                line.qualification.id: line.judgement.verdict if line.judgement else None
                for line in basic
                if line.qualification.is_active
            }
        ),
        following=next_stage(stages, current),
    )


def _judgements(session: Session, application: Application) -> Sequence[QualificationJudgement]:
    return session.scalars(
        select(QualificationJudgement)
        .where(QualificationJudgement.application_id == application.id)
        .options(joinedload(QualificationJudgement.by))
    ).all()
