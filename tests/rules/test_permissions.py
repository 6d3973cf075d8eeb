"""Who may see what: every combination against the rules as the process words them."""

from itertools import product

import pytest

from tracker.rules.permissions import (
    RequisitionFacts,
    Viewer,
    may_decide,
    may_judge,
    may_manage_application,
    may_manage_requisition,
    may_open_kit,
    may_open_requisition,
    may_read_application,
    may_read_scorecard,
    may_see_requisition,
    may_set_up,
)
from tracker.rules.scorecards import ScorecardState

ME, SOMEBODY, OTHER = 1, 2, 3
CANDIDATE, OTHER_CANDIDATE = 70, 71
FLAGS = (False, True)
OWN = [frozenset[int](), frozenset({CANDIDATE}), frozenset({OTHER_CANDIDATE}), frozenset({CANDIDATE, OTHER_CANDIDATE})]


def requisition(*, confidential=False, manager=SOMEBODY, recruiter=OTHER, members=()):
    return RequisitionFacts(confidential, manager, recruiter, frozenset(members))


VIEWERS = [Viewer(ME, admin, recruiter, lead, own) for admin, recruiter, lead, own in product(FLAGS, FLAGS, FLAGS, OWN)]
REQUISITIONS = [
    requisition(confidential=confidential, manager=manager, recruiter=recruiter, members=members)
    for confidential, manager, recruiter, members in product(FLAGS, (ME, SOMEBODY), (ME, OTHER), ((), (ME,)))
]


@pytest.mark.parametrize("facts", REQUISITIONS)
@pytest.mark.parametrize("viewer", VIEWERS)
def test_every_viewer_of_every_requisition(viewer, facts):
    is_manager, is_its_recruiter = facts.hiring_manager_id == ME, facts.recruiter_id == ME
    recruits = viewer.is_recruiter or viewer.is_recruiting_lead
    on_it = is_manager or is_its_recruiter or ME in facts.member_ids
    sees = is_manager or (recruits and (on_it or not facts.is_confidential))
    manages = recruits and (on_it or not facts.is_confidential)
    own = CANDIDATE in viewer.own_candidate_ids

    assert may_see_requisition(viewer, facts) == sees
    assert may_manage_requisition(viewer, facts) == manages
    assert may_read_application(viewer, facts, CANDIDATE) == (sees and not own)
    assert may_manage_application(viewer, facts, CANDIDATE) == (manages and not own)
    assert may_decide(viewer, facts, CANDIDATE) == (is_manager and not own)
    assert may_judge(viewer, facts, CANDIDATE) == ((is_manager or manages) and not own)
    assert may_set_up(viewer) == viewer.is_admin
    assert may_open_requisition(viewer) == recruits


def test_nobody_is_let_in_by_default():
    stranger = Viewer(ME)
    for facts in (requisition(), requisition(members=[ME]), requisition(confidential=True)):
        assert not may_see_requisition(stranger, facts)
        assert not may_read_application(stranger, facts, CANDIDATE)
    assert not may_open_kit(stranger, CANDIDATE, is_assigned=False)
    assert not may_set_up(stranger)
    assert not may_open_requisition(stranger)


def test_setting_the_tracker_up_lets_nobody_into_an_application():
    assert not may_read_application(Viewer(ME, is_admin=True), requisition(), CANDIDATE)


def test_a_confidential_requisition_is_hidden_from_recruiters_who_are_not_on_it():
    recruiter, lead = Viewer(ME, is_recruiter=True), Viewer(ME, is_recruiting_lead=True)
    for viewer in (recruiter, lead):
        assert may_see_requisition(viewer, requisition())
        assert not may_see_requisition(viewer, requisition(confidential=True))
        assert may_see_requisition(viewer, requisition(confidential=True, members=[ME]))


def test_the_kit_is_for_the_assigned():
    assert may_open_kit(Viewer(ME), CANDIDATE, is_assigned=True)
    assert not may_open_kit(Viewer(ME, own_candidate_ids=frozenset({CANDIDATE})), CANDIDATE, is_assigned=True)


# state, the viewer is the author, interviews in that application, has handed in all of his or her own, may read the
# application, interviews in the scorecard's own stage: whether the scorecard may be read.
BLIND_RULE = {
    **{
        (state, True, interviewing, own_in, reads, stage): True
        for state, interviewing, own_in, reads, stage in product(ScorecardState, FLAGS, FLAGS, FLAGS, FLAGS)
    },
    **{
        (state, False, interviewing, own_in, reads, stage): False
        for state, interviewing, own_in, reads, stage in product(
            (ScorecardState.DRAFT, ScorecardState.WAIVED), FLAGS, FLAGS, FLAGS, FLAGS
        )
    },
    # Blind, whatever else one is.
    **{(ScorecardState.SUBMITTED, False, True, False, reads, stage): False for reads, stage in product(FLAGS, FLAGS)},
    (ScorecardState.SUBMITTED, False, True, True, False, False): False,
    (ScorecardState.SUBMITTED, False, True, True, False, True): True,
    (ScorecardState.SUBMITTED, False, True, True, True, False): True,
    (ScorecardState.SUBMITTED, False, True, True, True, True): True,
    # Who does not interview reads by his or her role alone.
    **{
        (ScorecardState.SUBMITTED, False, False, own_in, reads, stage): reads
        for own_in, reads, stage in product(FLAGS, FLAGS, FLAGS)
    },
}


def test_the_blind_rule_is_written_down_for_every_case():
    assert len(BLIND_RULE) == len(ScorecardState) * 2**5


@pytest.mark.parametrize(("case", "allowed"), BLIND_RULE.items())
def test_the_blind_rule(case, allowed):
    state, is_author, interviewing, own_submitted, may_read, is_of_own_stage = case
    found = may_read_scorecard(
        ME,
        author_id=ME if is_author else OTHER,
        state=state,
        interviewing_in_application=interviewing,
        own_submitted=own_submitted,
        is_of_own_stage=is_of_own_stage,
        may_read_application=may_read,
    )
    assert found is allowed
