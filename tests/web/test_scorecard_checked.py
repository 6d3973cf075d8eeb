"""Before a scorecard is submitted the script asks whether anything is in the way, and the person only afterwards."""

from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.factories import MONDAY, World
from tests.web.test_scorecards import AFTER, JSON, card_of, loop, typed, url
from tracker.models.interview import Assignment
from tracker.rules.scorecards import ScorecardState

__all__ = ["loop"]


def test_what_is_in_the_way_is_told_before_anything_is_asked_and_nothing_is_kept(
    client: Client, session: Session, world: World, loop: list[Assignment], at: TestClock
) -> None:
    client.sign_in(loop[0].person)
    competency = loop[0].competencies[0].competency_id
    version = card_of(session, loop[0]).version

    def check(**changes: str) -> tuple[int, str]:
        answer = client.post(url(loop[0], "/check"), data=typed(loop[0], **changes), headers=JSON)
        assert answer.json is not None
        return answer.status_code, answer.json.get("message", "")

    assert check() == (200, "")
    code, said = check(**{f"rating_{competency}": ""})
    assert (code, "from 1 to 4" in said) == (422, True)
    assert check(recommendation="")[0] == 422
    assert check(summary="x" * 20_001)[0] == 422
    card = card_of(session, loop[0])
    assert (card.version, card.summary, card.state) == (version, "", ScorecardState.DRAFT)
    page = client.get(url(loop[0])).text
    assert f'data-check="{url(loop[0], "/check")}"' in page
    at.set(MONDAY)
    code, said = check()
    assert (code, "has not begun" in said) == (422, True)
    at.set(AFTER)
    assert client.post(url(loop[0]), data=typed(loop[0])).status_code == 303
    code, said = check()
    assert (code, "was submitted" in said) == (422, True)
    for stranger in (loop[1].person, loop[0].interview.application.requisition.recruiter, world.admin()):
        client.sign_in(stranger)
        assert client.post(url(loop[0], "/check"), data=typed(loop[0]), headers=JSON).status_code == 404
