"""Other ends than a hire: no after two phone screens, withdrawn by the candidate, rejected and opened again."""

from tests.journeys.journey import CANDIDATE, Journey
from tracker.models.person import InterviewKind
from tracker.rules.deadlines import DeadlineKind, DeadlineState

OPEN, MET, CANCELLED = DeadlineState.OPEN, DeadlineState.MET, DeadlineState.CANCELLED


def test_a_second_screen_and_then_no(journey: Journey) -> None:
    journey.hire()
    journey.now("2027-04-26 08:00")
    journey.applies()
    journey.judges_basics()
    journey.arranges_screen("2027-04-29", "14:00")
    journey.now("2027-04-29 13:10")
    journey.writes("Ines", "no_hire")
    journey.does("Hana", "screens/outcome", choice="second_screen", code=422)
    journey.does("Hana", "screens/outcome", choice="second_screen", reason="Cryptography was not touched")
    assert journey.stands() == ("phone_screen", "active")
    second = journey.arranges_screen("2027-05-04", "09:00")
    assert second.position == 2
    journey.now("2027-05-04 08:10")
    journey.writes("Ines", "no_hire")
    assert len(journey.interviews(InterviewKind.PHONE_SCREEN)) == 2
    page = journey.reads("Hana", "screens/outcome")
    assert 'value="second_screen"' not in page, "there are two screens at most"
    before = len(journey.letters)
    typed = {"choice": "stop", "reason": "Not deep enough", "disposition": "stopped_after_screen"}
    journey.does("Hana", "screens/outcome", **typed)
    assert journey.stands() == ("phone_screen_outcome", "rejected")
    journey.work()
    assert journey.since(before) == [("cleo", "Our answer to your application: Security Engineer, Example Works")]
    assert "Not deep enough" not in journey.letters[-1].text, "reasons are for the record, not for the candidate"
    # Each screen had its own deadlines, and all were met.
    assert [state for state, _ in journey.deadlines(DeadlineKind.PHONE_SCREEN_OUTCOME)] == [MET, MET]
    journey.now("2027-06-30 10:00")
    assert len(journey.letters) == before + 1


def test_withdrawn_by_the_candidate_after_the_loop_went_out(journey: Journey) -> None:
    journey.hire()
    journey.reaches_loop()
    journey.sends_loop("2027-05-14")
    journey.now("2027-05-04 12:00")
    before, path = len(journey.letters), journey.own_page()
    page = journey.browser("stranger").get(f"{path}/withdraw").text
    assert "are called off" in page
    journey.sends("stranger", f"{path}/withdraw", reason="Another offer")
    journey.sends("stranger", f"{path}/withdraw", reason="A second click")
    assert journey.stands() == ("loop", "withdrawn")
    assert all(state is not OPEN for kind in DeadlineKind for state, _ in journey.deadlines(kind))
    journey.work()
    told = journey.letters[before:]
    staff = [each for each in told if each.events and each.receiver != CANDIDATE]
    assert sorted(each.receiver for each in staff) == [
        f"{name}@tracker.example" for name in ("anna", "bram", "chen", "dana", "emil")
    ]
    assert all(each.events == [("CANCEL", "CANCELLED", 1)] for each in staff)
    [schedule] = [each for each in told if each.events and each.receiver == CANDIDATE]
    assert [(status, sequence) for _, status, sequence in schedule.events] == 5 * [("CANCELLED", 1)]
    rest = [(each.receiver.split("@")[0], each.subject) for each in told if not each.events]
    assert sorted(rest) == [
        ("cleo", "Your application is withdrawn: Security Engineer"),
        ("rita", "Cleo Candidate withdrew: Security Engineer"),
    ]
    # No reminder, nudge or anything else ever comes again.
    journey.now("2027-07-30 10:00")
    assert len(journey.letters) == before + len(told)


def test_rejected_and_opened_again(journey: Journey) -> None:
    journey.hire()
    journey.now("2027-04-26 08:00")
    journey.applies()
    [basic] = [each.id for each in journey.row().requisition.qualifications]
    journey.does("Rita", "qualifications", **{f"verdict-{basic}": "not_met", f"evidence-{basic}": "Two years"})
    journey.does("Rita", "qualifications/reject", reason="Too short in the field")
    assert journey.stands() == ("application", "rejected")
    journey.now("2027-04-28 08:00")
    assert journey.since(0) == [
        ("cleo", "Your application to Example Works: Security Engineer"),
        ("cleo", "Our answer to your application: Security Engineer, Example Works"),
    ]
    stage = journey.row().stage_id
    journey.does("Rita", "reopen", stage=stage, reason="", code=422)
    journey.does("Rita", "reopen", stage=stage, reason="We counted wrong: it is six years")
    assert journey.stands() == ("application", "active")
    # Its review counts anew from the day of the reopening: Wednesday the 28th; the 1st of May is a Saturday.
    assert journey.deadlines(DeadlineKind.APPLICATION_REVIEW) == [
        (MET, "2027-05-03 21:59:59"),
        (OPEN, "2027-05-05 21:59:59"),
    ]
    journey.judges_basics()
    assert journey.stands() == ("phone_screen", "active")
    page = journey.reads("Rita", "")
    assert "We counted wrong: it is six years" in page
    assert "Too short in the field" in page, "what was is kept"
