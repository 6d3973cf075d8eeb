"""The debrief and the decision in a real browser: what is opened moves nothing, and a long form stays short."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW, WIDE, Live
from tests.factories import MONDAY
from tracker.models.application import Application
from tracker.pipeline import debrief, decision
from tracker.queries.debriefs import debrief_of
from tracker.rules.decisions import Grounds
from tracker.rules.stages import DecisionKind, StageKind

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages")]

LONG = "They rolled it back within minutes, told everybody who waited, and wrote down what they had learnt. " * 4


@pytest.fixture
def debriefed(live: Live) -> Application:
    """A loop of two that was debriefed: both wrote much evidence."""
    application = live.world.application(stage=StageKind.OUTCOME, name="Ann Able")
    people = (live.world.person("Ines Interviewer"), live.world.person("Ivan Interviewer"))
    made = live.world.loop(application, people, starts_at=MONDAY - timedelta(hours=6))
    for each in made:
        live.world.scorecard(each, text=LONG)
    with live.app.app_context():
        debrief.open_if_ready(live.session, application, now=MONDAY)
        row = debrief_of(live.session, made[0].interview.loop)
        assert row is not None
        debrief.hold(live.session, application, row, by=application.requisition.hiring_manager, now=MONDAY)
        live.session.commit()
    return application


def edges(page: Page) -> list[list[float]]:
    """Return where the columns of the matrix begin and end."""
    script = "all => all.map(each => [each.getBoundingClientRect().left, each.getBoundingClientRect().right])"
    found: list[list[float]] = page.locator(".matrix thead th").evaluate_all(script)
    return found


@pytest.mark.parametrize("has_script", [True, False])
def test_evidence_opens_across_the_table_and_moves_no_column(
    live: Live, debriefed: Application, has_script: bool
) -> None:
    page = live.page(debriefed.requisition.hiring_manager, WIDE, java_script_enabled=has_script)
    page.goto(f"/applications/{debriefed.id}/debrief")
    before = edges(page)
    fold = page.locator(".matrix details", has_text="Evidence").first
    fold.locator("summary").click()
    told = fold.locator(".star").first
    expect(told).to_contain_text("They rolled it back")
    assert edges(page) == before
    box = told.bounding_box()
    assert box is not None
    assert box["width"] > before[1][1] - before[1][0], "it is as narrow as a column"


def test_on_a_phone_evidence_opens_within_the_screen(live: Live, debriefed: Application) -> None:
    page = live.page(debriefed.requisition.hiring_manager, NARROW)
    page.goto(f"/applications/{debriefed.id}/debrief")
    fold = page.locator(".matrix details", has_text="Evidence").first
    fold.locator("summary").click()
    expect(fold.locator(".star").first).to_contain_text("They rolled it back")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]


def test_the_rationale_by_competency_starts_short_and_grows(live: Live, debriefed: Application) -> None:
    page = live.page(debriefed.requisition.hiring_manager, WIDE)
    page.goto(f"/applications/{debriefed.id}/decision")
    group = page.get_by_role("group", name="Rationale by competency")
    first = group.get_by_role("textbox").first
    empty = first.bounding_box()
    assert empty is not None
    assert empty["height"] <= 72
    first.fill(LONG)
    written = first.bounding_box()
    assert written is not None
    assert written["height"] > empty["height"]
    page.locator(".segment", has_text="No hire").click()
    page.get_by_label("Rationale", exact=True).fill("One thing was missing.")
    page.get_by_label("Dissent").fill("Both said hire.")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Change it").click()
    expect(first).to_have_value(LONG.strip())


def test_a_record_has_no_label_where_nothing_was_written(live: Live, debriefed: Application) -> None:
    grounds = Grounds("Rolled back in minutes", by_competency={"Competency A": "Twice, with figures"})
    manager = debriefed.requisition.hiring_manager
    with live.app.app_context():
        decision.decide(live.session, debriefed, DecisionKind.HIRE, grounds, by=manager, now=MONDAY)
        live.session.commit()
    page = live.page(manager, NARROW)
    page.goto(f"/applications/{debriefed.id}/decision/record")
    cells = page.locator("td[data-label='Rationale']")
    assert cells.count() > 1
    expect(cells.filter(visible=True)).to_have_text(["Twice, with figures"])
