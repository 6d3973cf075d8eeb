"""Interviews moved and handed over after the loop went out: who hears of it, and what is no longer asked of whom."""

from tests.journeys.journey import CANDIDATE, LOOPERS, Journey
from tracker.rules.deadlines import DeadlineKind, DeadlineState

OPEN, MET, CANCELLED = DeadlineState.OPEN, DeadlineState.MET, DeadlineState.CANCELLED


def test_a_moved_interview_is_told_once_and_moves_the_promise(journey: Journey) -> None:
    journey.hire()
    journey.reaches_loop()
    journey.sends_loop("2027-05-12")
    # Wednesday the 12th: five business days later is Wednesday the 19th.
    assert journey.deadlines(DeadlineKind.PROMISE) == [(OPEN, "2027-05-19 21:59:59")]
    journey.now("2027-05-10 10:00")
    before = len(journey.letters)
    journey.changes(5, date="2027-05-13")
    assert journey.deadlines(DeadlineKind.PROMISE) == [(OPEN, "2027-05-20 21:59:59")]
    assert journey.deadlines(DeadlineKind.SCORECARD)[1:] == [
        *4 * [(OPEN, "2027-05-13 21:59:59")],
        (OPEN, "2027-05-14 21:59:59"),
    ]
    journey.work()
    emil, cleo = journey.letters[before:]
    assert (emil.receiver, emil.events) == ("emil@tracker.example", [("REQUEST", "CONFIRMED", 1)])
    assert emil.subject.startswith("Changed: Interview 5 with Cleo Candidate, Thu 13 May 2027, 15:00")
    assert cleo.receiver == CANDIDATE
    assert [sequence for _, _, sequence in cleo.events] == [0, 0, 0, 0, 1]
    assert "Thu 20 May 2027, 23:59 (Europe/Berlin)" in cleo.text
    first = [each for each in journey.to("emil") if each.events][0]
    assert uid_of(first.message) == uid_of(emil.message), "calendars must find the event that they have"
    journey.now("2027-05-13 14:30")
    reminders = [(f"{each.at:%d %H:%M}", each.subject) for each in journey.to("emil") if "Reminder" in each.subject]
    # Of the old time, Tuesday the 11th and Wednesday the 12th, nothing comes.
    assert [at for at, _ in reminders] == ["12 13:00", "13 12:00"]
    assert all("Thu 13 May 2027" in subject for _, subject in reminders)


def test_a_replaced_interviewer_is_left_in_peace(journey: Journey) -> None:
    journey.hire()
    journey.people["Otto"] = journey.world.person("Otto", email="otto@tracker.example")
    journey.reaches_loop()
    journey.sends_loop("2027-05-12")
    emils = journey.assignment("Emil")
    journey.qualify("Otto", emils.competencies[0].competency_id)
    # The fifth interview, 15:00 to 16:00 in Berlin, was not held. Rita hears of it when Emil is asked.
    journey.now("2027-05-14 08:00")
    asked = [each.subject for each in journey.to("emil") if "scorecard" in each.subject]
    assert asked == [
        "Write your scorecard for Cleo Candidate, due Thu 13 May 2027",
        "Write your scorecard for Cleo Candidate, due Thu 13 May 2027",
        "Overdue: write your scorecard for Cleo Candidate",
    ]
    before = len(journey.to("emil"))
    refused = journey.changes(5, person_id=journey.people["Otto"].id, code=422)
    assert "nobody can step in any more" in refused.text
    journey.changes(5, person_id=journey.people["Otto"].id, date="2027-05-14")
    journey.work()
    [farewell] = journey.to("emil")[before:]
    assert farewell.events == [("CANCEL", "CANCELLED", 1)]
    assert [each.events for each in journey.to("otto")] == [[("REQUEST", "CONFIRMED", 1)]]
    assert journey.browser("Emil").get(f"/scorecards/{journey.assignment('Otto').id}").status_code == 404
    journey.now("2027-05-17 08:00")
    assert len(journey.to("emil")) == before + 1, "his chase ends"
    assert [each for each in journey.to("otto") if "scorecard" in each.subject], "Otto’s begins"
    others = [name for name in LOOPERS if name != "Emil"]
    assert all(any("Overdue" in each.subject for each in journey.to(name.lower())) for name in others)


def uid_of(message: object) -> list[str]:
    calendars = [part for part in message.walk() if part.get_content_type() == "text/calendar"]  # type: ignore[attr-defined]
    lines = calendars[0].get_payload(decode=True).decode().replace("\r\n ", "").splitlines()
    return [line for line in lines if line.startswith("UID:")]
