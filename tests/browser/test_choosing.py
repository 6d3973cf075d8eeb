"""A candidate books a loop on a phone, by the keyboard alone and without the script."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NARROW, Live
from tests.factories import MONDAY
from tracker.pipeline import candidate_links, loop_choices
from tracker.pipeline import loop as verbs
from tracker.rules.stages import StageKind

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages")]


def test_a_loop_is_booked_by_the_keyboard_alone(live: Live) -> None:
    application = live.world.application(stage=StageKind.LOOP, name="Ann Able")
    by, plan = application.requisition.recruiter, application.requisition.plan
    for number in range(6):
        live.world.qualify(live.world.person(f"Ina{number}", is_bar_raiser=number == 0), plan)
    with live.app.app_context():
        loop_choices.offer(live.session, verbs.plan(live.session, application, by=by, now=MONDAY), by=by, now=MONDAY)
        path = candidate_links.status_link(live.session, application, now=MONDAY)
        live.session.commit()
    page = live.page(None, NARROW, java_script_enabled=False)
    page.goto(f"{path}/loop")
    # The group, with what it is called, is what a screen reader tells of the times.
    times = page.get_by_role("group", name="When").get_by_role("radio")
    expect(times).to_have_count(8)
    expect(times.first).to_have_accessible_name(re.compile(r"^Thu 5 Nov 2026, 09:00–\d\d:\d\d"))
    times.first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(times.nth(1)).to_be_checked()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Book these interviews")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your interviews are booked.")).to_be_visible()
    expect(page.get_by_text("Fri 6 Nov 2026, 11:00–12:00")).to_be_visible()
    page.get_by_role("link", name="Move your interviews").click()
    expect(page.get_by_role("heading", name="Move your interviews")).to_be_visible()
    assert page.locator("main").bounding_box()["width"] <= NARROW[0]  # type: ignore[index]
