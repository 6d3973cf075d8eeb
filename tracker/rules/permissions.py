"""Who may see and do what. Nobody is let in by default (the process, section 5).

Of rows, ``queries/visibility`` and ``queries/scorecards`` ask the same in SQL; their tests hold them to these rules.
"""

from dataclasses import dataclass

from tracker.rules.scorecards import ScorecardState


@dataclass(frozen=True)
class Viewer:
    """The signed-in person. ``own_candidate_ids`` are the candidates that he or she is, found by e-mail addresses."""

    person_id: int
    is_admin: bool = False
    is_recruiter: bool = False
    is_recruiting_lead: bool = False
    own_candidate_ids: frozenset[int] = frozenset()

    @property
    def is_recruiting(self) -> bool:
        """Whether he or she is on the recruiting side at all."""
        return self.is_recruiter or self.is_recruiting_lead


@dataclass(frozen=True)
class RequisitionFacts:
    """Who stands behind one requisition; ``member_ids`` are the people of its hiring team."""

    is_confidential: bool
    hiring_manager_id: int
    recruiter_id: int
    member_ids: frozenset[int] = frozenset()


def may_set_up(viewer: Viewer) -> bool:
    """Whether the viewer may change settings: people, plans, competencies, regions."""
    return viewer.is_admin


def may_see_judging(viewer: Viewer) -> bool:
    """Whether the viewer may see how all interviewers judge, write and share the work, in numbers."""
    return viewer.is_recruiting_lead or viewer.is_admin


def may_see_self_identification(viewer: Viewer) -> bool:
    """Whether the viewer may see how many candidates identified themselves how. Single answers nobody sees."""
    return viewer.is_recruiting_lead or viewer.is_admin


def may_open_requisition(viewer: Viewer) -> bool:
    """Whether the viewer may open a new requisition."""
    return viewer.is_recruiting


def may_see_community(viewer: Viewer) -> bool:
    """Whether the viewer may see who interviews how much: the recruiting side plans by it, admins qualify people."""
    return viewer.is_recruiting or viewer.is_admin


def may_see_requisition(viewer: Viewer, requisition: RequisitionFacts) -> bool:
    """Whether the viewer may open the requisition and, but for his or her own, all its applications.

    Recruiters see every requisition that is not confidential, and the confidential ones they are on; hiring managers
    see their own. Setting the tracker up lets nobody in, nor does a place on the hiring team of its own, nor being
    named as the recruiter once the role was taken.
    """
    if viewer.person_id == requisition.hiring_manager_id:
        return True
    is_on_it = viewer.person_id == requisition.recruiter_id or viewer.person_id in requisition.member_ids
    return viewer.is_recruiting and (is_on_it or not requisition.is_confidential)


def may_manage_requisition(viewer: Viewer, requisition: RequisitionFacts) -> bool:
    """Whether the viewer may change, close and reopen the requisition: the recruiting side."""
    return viewer.is_recruiting and may_see_requisition(viewer, requisition)


def may_read_application(viewer: Viewer, requisition: RequisitionFacts, candidate_id: int) -> bool:
    """Whether the viewer may open the whole application page. To others, and to the candidate, it does not exist."""
    return candidate_id not in viewer.own_candidate_ids and may_see_requisition(viewer, requisition)


def may_manage_application(viewer: Viewer, requisition: RequisitionFacts, candidate_id: int) -> bool:
    """Whether the viewer may move, plan, write and send for the application: the recruiting side."""
    return candidate_id not in viewer.own_candidate_ids and may_manage_requisition(viewer, requisition)


def may_decide(viewer: Viewer, requisition: RequisitionFacts, candidate_id: int) -> bool:
    """Whether the viewer may record the decision of the debrief: the hiring manager owns it."""
    return candidate_id not in viewer.own_candidate_ids and viewer.person_id == requisition.hiring_manager_id


def may_judge(viewer: Viewer, requisition: RequisitionFacts, candidate_id: int) -> bool:
    """Whether the viewer may judge qualifications and choose after a phone screen: recruiting or hiring manager."""
    manages = may_manage_application(viewer, requisition, candidate_id)
    return manages or may_decide(viewer, requisition, candidate_id)


def may_open_kit(viewer: Viewer, candidate_id: int, *, is_assigned: bool) -> bool:
    """Whether the viewer may see what the kit needs of a candidate: he or she is assigned to interview."""
    return is_assigned and candidate_id not in viewer.own_candidate_ids


def may_read_scorecard(
    viewer_id: int,
    *,
    author_id: int,
    state: ScorecardState,
    interviewing_in_application: bool,
    own_submitted: bool,
    is_of_own_stage: bool,
    may_read_application: bool,
    is_opened_screen: bool = False,
    learns_before_decision: bool = False,
) -> bool:
    """Whether the viewer may read a scorecard: the blind rule (the process, section 5).

    ``interviewing_in_application``: the viewer is assigned anywhere in that application. ``own_submitted``: all his
    or her scorecards there are submitted. ``is_of_own_stage``: the viewer interviews in the loop, or held a phone
    screen and the scorecard is a phone screen's. Drafts (and what was waived) are only ever visible to their author.
    Who interviews is blind until all of his or her own are in, whatever else he or she is; then he or she may read
    those of the stage. Whose role lets him or her read the application reads all submitted ones.

    ``is_opened_screen``: it is a phone screen's, the plan opens those to the loop's interviewers beforehand, and the
    viewer is one of a loop that went out and owes no scorecard of a phone screen.
    ``learns_before_decision``: the viewer sits in one of its interviews to learn, leads none of its loop, and nobody
    has decided yet.
    """
    if viewer_id == author_id:
        return True
    if state is not ScorecardState.SUBMITTED or learns_before_decision:
        return False
    if is_opened_screen:
        return True
    if interviewing_in_application and not own_submitted:
        return False
    return may_read_application or (interviewing_in_application and is_of_own_stage)
