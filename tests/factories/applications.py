"""Requisitions, and candidates who applied to them."""

from typing import Any

from tests.factories.organisation import OrganisationMaker
from tracker.models.application import Application, QualificationJudgement, StageChange
from tracker.models.candidate import Candidate, CandidateWord
from tracker.models.interview_plan import PlanStage
from tracker.models.requisition import Qualification, Requisition, RequisitionMember
from tracker.rules.qualifications import QualificationKind, Verdict
from tracker.rules.stages import ApplicationState, StageKind
from tracker.rules.words import candidate_words, sort_name


class ApplicationMaker(OrganisationMaker):
    """Makes all that comes before the first interview."""

    def requisition(self, title: str = "Security Engineer", **facts: Any) -> Requisition:
        members = facts.pop("members", ())
        basics = facts.pop("basics", ("Five years of security engineering",))
        given: dict[str, Any] = {"team": "Security", "location": "Berlin", "openings": 1, "opened_at": self.now}
        row = Requisition(
            title=title,
            plan=facts.pop("plan", None) or self.plan(),
            region=facts.pop("region", None) or self.region(),
            hiring_manager=facts.pop("hiring_manager", None) or self.person("Hana Manager"),
            recruiter=facts.pop("recruiter", None) or self.recruiter(),
            **(given | facts),
        )
        row.members = [RequisitionMember(person=person) for person in members]
        row.qualifications = [
            Qualification(kind=QualificationKind.BASIC, position=n, text=text) for n, text in enumerate(basics, 1)
        ]
        self.keep(row)
        return row

    def stage(self, requisition: Requisition, kind: StageKind) -> PlanStage:
        return next(stage for stage in requisition.plan.stages if stage.kind is kind)

    def candidate(self, name: str | None = None, **facts: Any) -> Candidate:
        number = next(self._numbers)
        name = name or f"Candidate {number}"
        email = facts.pop("email", f"candidate.{number}@candidates.example")
        row = Candidate(name=name, email=email, zone=facts.pop("zone", "Europe/Berlin"), created_at=self.now, **facts)
        self.keep(row)
        self.keep(*(CandidateWord(word=word, candidate_id=row.id) for word in sorted(candidate_words(name, email))))
        return row

    def application(
        self, requisition: Requisition | None = None, *, stage: StageKind = StageKind.APPLICATION, **facts: Any
    ) -> Application:
        """An application standing in a stage, as if it had been moved there; earlier stages left no rows."""
        requisition = requisition or self.requisition()
        candidate = facts.pop("candidate", None) or self.candidate(facts.pop("name", None))
        given: dict[str, Any] = {
            "source": "careers",
            "applied_at": self.now,
            "entered_stage_at": self.now,
            "sort_name": sort_name(candidate.name),
        }
        plan_stage = self.stage(requisition, stage)
        row = Application(
            candidate=candidate,
            requisition=requisition,
            stage=plan_stage,
            stage_kind=plan_stage.kind,
            **(given | facts),
        )
        self.keep(row)
        self.keep(
            StageChange(
                application_id=row.id,
                from_stage_id=None,
                to_stage_id=plan_stage.id,
                from_state=None,
                to_state=ApplicationState.ACTIVE,
                at=self.now,
                by_id=None,
            )
        )
        return row

    def judge(self, application: Application, verdict: Verdict = Verdict.MET) -> None:
        """Judge every qualification of the application alike."""
        recruiter = application.requisition.recruiter
        self.keep(
            *(
                QualificationJudgement(
                    application_id=application.id,
                    qualification_id=qualification.id,
                    verdict=verdict,
                    evidence="Says the resume",
                    at=self.now,
                    by_id=recruiter.id,
                )
                for qualification in application.requisition.qualifications
            )
        )
