"""Erased in the middle of it: calendars are right afterwards, the candidate hears it once, and nothing is left."""

import hashlib
from datetime import timedelta

from tests.journeys.journey import CANDIDATE, RESUME, Journey
from tests.pipeline.marked import everything
from tracker.pipeline.documents import path_of
from tracker.worker.erasing import Erasing


def test_erased_after_the_loop_went_out(journey: Journey) -> None:
    journey.hire()
    journey.reaches_loop()
    journey.sends_loop("2027-05-14")
    journey.now("2027-05-04 12:00")
    before, own_page = len(journey.letters), journey.own_page()
    name = journey.row().candidate.name
    resume = path_of(journey.app.config["TRACKER"].documents, hashlib.sha256(RESUME).hexdigest())
    assert any(name in said for _, said in everything(journey.session))
    assert resume.exists()
    assert name in journey.reads("Rita", "erasure")
    rita, page = journey.browser("Rita"), f"/applications/{journey.application_id}/erasure"
    typed = {"kind": "request", "tell": "y"}
    assert rita.post(page, data=typed | {"name": "Somebody"}).status_code == 422
    assert rita.post(page, data=typed | {"name": name}).status_code == 303
    assert journey.stands() == ("loop", "withdrawn")
    journey.work()
    told = journey.letters[before:]
    staff = [each for each in told if each.receiver != CANDIDATE]
    assert sorted(each.receiver.split("@")[0] for each in staff) == ["anna", "bram", "chen", "dana", "emil"]
    assert all(each.events == [("CANCEL", "CANCELLED", 1)] for each in staff), "calendars are right"
    assert not [each for each in staff if name in each.text or name in each.subject]
    [last] = [each for each in told if each.receiver == CANDIDATE]
    assert last.subject == "Your data was erased"
    assert name in last.text
    _finish(journey)
    left = {where for where, said in everything(journey.session) if name in said or CANDIDATE in said}
    assert not left
    assert not resume.exists()
    assert journey.browser("stranger").get(own_page).status_code == 404
    assert "Erased on" in journey.reads("Rita", "")
    after = len(journey.letters)
    journey.now("2027-06-30 10:00")
    assert journey.letters[after:] == [], "nobody is reminded of anything"


def _finish(journey: Journey) -> None:
    """Ten minutes later the worker has done what the erasure still asked for."""
    with journey.app.app_context():
        erasing = Erasing(journey.app)
        for minutes in (0, 2):
            journey.session.commit()
            erasing.finish(journey.clock_shows() + timedelta(minutes=minutes))
