"""The whole way to a hire, over a weekend and two public holidays, with every mail that it causes.

The e-mails are reviewed as a list in golden/hired.txt (moments in UTC; Berlin is two hours ahead). Write it anew with

TRACKER_WRITE_GOLDEN=1 .venv/bin/python -m pytest tests/journeys/test_hired.py
"""

import os
from datetime import date
from pathlib import Path

from tests.journeys.journey import CANDIDATE, HIRE, LOOPERS, Journey
from tracker.models.person import InterviewKind
from tracker.rules.deadlines import DeadlineKind, DeadlineState

GOLDEN = Path(__file__).parent / "golden" / "hired.txt"
# Of the year 2027 in Berlin: both on working days.
ASCENSION, WHIT_MONDAY = date(2027, 5, 6), date(2027, 5, 17)
OPEN, MET = DeadlineState.OPEN, DeadlineState.MET


def test_the_whole_way_to_a_hire(journey: Journey) -> None:
    journey.hire(closed=(ASCENSION, WHIT_MONDAY))
    until_the_loop_is_out(journey)
    over_the_weekend(journey)
    debrief_and_decision(journey)
    outcome_and_offer(journey)
    check_all_mails(journey)


def until_the_loop_is_out(journey: Journey) -> None:
    journey.now("2027-04-26 08:00")
    assert journey.applies().status_code == 303
    # Five business days after Monday the 26th; the 1st of May is a Saturday.
    assert journey.deadlines(DeadlineKind.APPLICATION_REVIEW) == [(OPEN, "2027-05-03 21:59:59")]
    journey.work()
    [confirmation] = journey.letters
    assert confirmation.receiver == CANDIDATE
    page = journey.browser("stranger").get(journey.own_page())
    assert page.status_code == 200
    assert "Security Engineer" in page.text
    journey.now("2027-04-27 09:00")
    assert "cleo.pdf" in journey.reads("Rita", "")
    journey.judges_basics()
    assert journey.deadlines(DeadlineKind.APPLICATION_REVIEW) == [(MET, "2027-05-03 21:59:59")]
    journey.arranges_screen("2027-04-29", "14:00")
    journey.work()
    assert {each.receiver: each.events for each in journey.letters[1:]} == {
        "ines@tracker.example": [("REQUEST", "CONFIRMED", 0)],
        CANDIDATE: [("REQUEST", "CONFIRMED", 0)],
    }
    journey.now("2027-04-29 14:30")
    journey.writes("Ines")
    assert journey.stands() == ("phone_screen_outcome", "active")
    # Two business days after Thursday: Friday, Monday.
    assert journey.deadlines(DeadlineKind.PHONE_SCREEN_OUTCOME) == [(OPEN, "2027-05-03 21:59:59")]
    journey.now("2027-04-30 07:30")
    journey.does("Hana", "screens/outcome", choice="go_on", reason="Calm and exact")
    # Five business days after Friday the 30th: Ascension Day is none.
    assert journey.deadlines(DeadlineKind.LOOP_INVITED) == [(OPEN, "2027-05-10 21:59:59")]
    journey.now("2027-05-03 09:00")
    plan_and_send(journey)


def plan_and_send(journey: Journey) -> None:
    journey.does("Rita", "loop/plan")
    assert "has no interviewer yet" in journey.reads("Rita", "loop")
    journey.does("Rita", "loop/send", code=422)
    journey.does("Rita", "loop/times", date="2027-05-14", time="10:00", zone="Europe/Berlin", break_minutes=15)
    journey.does("Rita", "loop/people")
    assert "Before it can go out" not in journey.reads("Rita", "loop")
    assert [each.assignments[0].person.name for each in journey.interviews()] == list(LOOPERS)
    journey.does("Rita", "loop/send")
    assert journey.deadlines(DeadlineKind.LOOP_INVITED) == [(MET, "2027-05-10 21:59:59")]
    # Day 0 is Friday the 14th; Whit Monday is no business day, so day 1 is Tuesday the 18th.
    assert journey.deadlines(DeadlineKind.SCORECARD) == [
        (MET, "2027-04-30 21:59:59"),
        *5 * [(OPEN, "2027-05-18 21:59:59")],
    ]
    assert journey.deadlines(DeadlineKind.DEBRIEF) == [(OPEN, "2027-05-19 21:59:59")]
    assert journey.deadlines(DeadlineKind.DECISION) == [(OPEN, "2027-05-20 21:59:59")]
    assert journey.deadlines(DeadlineKind.PROMISE) == [(OPEN, "2027-05-24 21:59:59")]
    before = len(journey.letters)
    journey.work()
    invited = journey.letters[before:]
    assert sorted(each.receiver.split("@")[0].title() for each in invited) == sorted([*LOOPERS, "Cleo"])
    for each in invited:
        is_candidate = each.receiver == CANDIDATE
        assert each.events == 5 * [("PUBLISH", "CONFIRMED", 0)] if is_candidate else [("REQUEST", "CONFIRMED", 0)]
    [schedule] = [each for each in invited if each.receiver == CANDIDATE]
    assert "Mon 24 May 2027, 23:59 (Europe/Berlin)" in schedule.text, "the promise is told with the schedule"
    assert "04:00" in schedule.text, "in the candidate’s own zone"


def over_the_weekend(journey: Journey) -> None:
    """Anna writes before she is asked, Bram when he is; Chen and Dana on Tuesday; Emil too late."""
    journey.now("2027-05-14 09:30")
    journey.writes("Anna")
    journey.now("2027-05-14 14:30")
    assert journey.stands() == ("outcome", "active")
    journey.writes("Bram", "no_hire")
    journey.now("2027-05-18 16:30")
    assert "Emil" in journey.reads("Rita", "debrief"), "it says who is missing"
    journey.writes("Chen", "strong_hire")
    journey.writes("Dana")
    journey.now("2027-05-19 09:00")
    assert journey.deadlines(DeadlineKind.SCORECARD)[1:] == [
        *4 * [(MET, "2027-05-18 21:59:59")],
        (OPEN, "2027-05-18 21:59:59"),
    ]
    journey.writes("Emil")
    assert journey.deadlines(DeadlineKind.SCORECARD)[-1] == (DeadlineState.MET_LATE, "2027-05-18 21:59:59")


def debrief_and_decision(journey: Journey) -> None:
    journey.now("2027-05-19 12:00")
    for name in LOOPERS:
        journey.does(name, "debrief/vote", recommendation=HIRE, reason="After reading all")
    journey.does("Hana", "debrief/hold")
    assert journey.deadlines(DeadlineKind.DEBRIEF) == [(MET, "2027-05-19 21:59:59")]
    journey.now("2027-05-20 09:00")
    journey.does("Rita", "outcome", code=422, subject="Hello", text="Too early")
    journey.decides(HIRE)
    assert journey.deadlines(DeadlineKind.DECISION) == [(MET, "2027-05-20 21:59:59")]


def outcome_and_offer(journey: Journey) -> None:
    journey.now("2027-05-21 08:00")
    subject = "Your application for Security Engineer at Example Works"
    text = "Dear Cleo, we would like to make you an offer."
    journey.does("Rita", "outcome", subject=subject, text=text, version=journey.decision_id())
    # Written is not delivered: the promise is kept only when the mail server has it.
    assert journey.deadlines(DeadlineKind.PROMISE) == [(OPEN, "2027-05-24 21:59:59")]
    assert journey.stands() == ("outcome", "active")
    journey.work()
    assert journey.letters[-1].receiver == CANDIDATE
    assert "make you an offer" in journey.letters[-1].text
    assert journey.deadlines(DeadlineKind.PROMISE) == [(MET, "2027-05-24 21:59:59")]
    assert journey.stands() == ("offer", "active")
    journey.now("2027-05-26 10:00")
    journey.sends("Rita", f"/applications/{journey.application_id}/offer/accepted")
    assert journey.stands() == ("offer", "hired")
    journey.now("2027-06-30 10:00")


def check_all_mails(journey: Journey) -> None:
    found = "\n".join(each.line for each in journey.letters) + "\n"
    if os.environ.get("TRACKER_WRITE_GOLDEN"):
        GOLDEN.write_text(found, encoding="utf-8")
    assert found == GOLDEN.read_text(encoding="utf-8"), "other mails than before: is golden/hired.txt still right?"
    ids = [str(each.message["Message-ID"]) for each in journey.letters]
    assert len(set(ids)) == len(ids)
    [screen] = journey.interviews(InterviewKind.PHONE_SCREEN)
    assert screen.sequence == 0
