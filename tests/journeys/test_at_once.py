"""Twice at once: one form sent twice, and two people who move one application at the same moment."""

from sqlalchemy import func, select

from tests.journeys.journey import CANDIDATE, Journey
from tracker.models.application import Application, StageChange
from tracker.models.interview import Interview
from tracker.rules.stages import ApplicationState, StageKind

JSON = {"Accept": "application/json"}


def test_an_application_sent_twice_is_one(journey: Journey) -> None:
    journey.hire()
    journey.now("2027-04-26 08:00")
    answers = [journey.applies(once="one-key") for _ in range(2)]
    assert [each.status_code for each in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    assert journey.session.scalar(select(func.count(Application.id))) == 1
    journey.work()
    assert [each.receiver for each in journey.letters] == [CANDIDATE]


def test_a_screen_arranged_twice_is_one(journey: Journey) -> None:
    journey.hire()
    journey.now("2027-04-26 08:00")
    journey.applies()
    journey.judges_basics()
    journey.work()
    before = len(journey.letters)
    typed = {"date": "2027-04-29", "time": "14:00", "zone": "Europe/Berlin", "minutes": 60}
    typed |= {"person_id": journey.people["Ines"].id, "once": "one-key"}
    first, second = (journey.does("Rita", "screens/new", **typed) for _ in range(2))
    assert first.location == second.location
    assert journey.session.scalar(select(func.count(Interview.id))) == 1
    journey.work()
    assert sorted(who for who, _ in journey.since(before)) == ["cleo", "ines"]


def test_the_second_of_two_who_move_is_told_and_nothing_is_overwritten(journey: Journey) -> None:
    journey.hire()
    journey.now("2027-04-26 08:00")
    journey.applies()
    journey.judges_basics(go_on=False)
    requisition, version = journey.row().requisition, journey.row().version
    screen = journey.world.stage(requisition, StageKind.PHONE_SCREEN).id
    journey.does("Lena", "move", stage=screen, version=version)
    # Rita's page still shows the application as it was.
    for path, typed in (
        ("qualifications/go-on", {}),
        ("move", {"stage": screen}),
        ("close", {"end": "rejected:other", "reason": "Too late"}),
    ):
        page = journey.does("Rita", path, version=version, code=409, **typed)
        assert "Somebody was faster" in page.text, path
    url = f"/applications/{journey.application_id}/move"
    answer = journey.browser("Rita").post(url, data={"stage": screen, "version": version}, headers=JSON)
    assert answer.status_code == 409
    assert answer.json is not None
    assert answer.json["ok"] is False
    row = journey.row()
    assert (row.stage_id, row.state, row.version) == (screen, ApplicationState.ACTIVE, version + 1)
    changes = select(func.count(StageChange.id)).where(StageChange.by_id == journey.people["Rita"].id)
    assert journey.session.scalar(changes) == 0
    # Once she has seen what is so, hers counts.
    journey.does("Rita", "close", end="rejected:other", reason="The role changed", version=version + 1)
    assert journey.stands() == ("phone_screen", "rejected")
