"""A whole loop in five windows at once, one of them offline for a while and one curious, up to the record's PDF."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.conftest import NARROW, WIDE, Live
from tests.factories import MONDAY
from tracker.models.application import Application
from tracker.models.interview import Assignment
from tracker.rules.stages import StageKind

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages")]

NAMES = ("Anna A", "Ben B", "Curious C", "Dora D", "Emil E")
CURIOUS, OFFLINE = 2, 3
# All that a page leads to or posts to, with or without the script.
ADDRESSES = """() => [...document.querySelectorAll("a[href], form[action], [formaction], [data-autosave], [data-room]")]
  .flatMap(e => [e.href, e.action, e.getAttribute("formaction"), e.dataset.autosave, e.dataset.room])
  .filter(Boolean).map(each => new URL(each, location).pathname)"""


@pytest.fixture
def loop(live: Live) -> list[Assignment]:
    """Five interviews that are over; Anna is a bar raiser. Nothing is written."""
    application = live.world.application(stage=StageKind.OUTCOME, name="Cleo Candidate")
    people = [live.world.person(name, is_bar_raiser=not number) for number, name in enumerate(NAMES)]
    return live.world.loop(application, tuple(people), starts_at=MONDAY - timedelta(hours=8))


def found_by(number: int) -> str:
    """What one interviewer writes, and nobody else."""
    return f"quokka-{number}"


def write(page: Page, number: int) -> None:
    page.locator(".rating").nth(2).click()
    page.get_by_label("Action").first.fill(f"{found_by(number)} did it")
    page.locator(".segment", has_text="Strong hire").click()
    page.get_by_label("Summary").fill(f"{found_by(number)} in short")


def saved(page: Page) -> None:
    expect(page.locator("[data-autosave-status]")).to_have_text(re.compile("^Saved"))


def hand_in(page: Page) -> None:
    page.get_by_role("button", name="Submit").click()
    page.get_by_role("dialog").get_by_role("button", name="Submit").click()
    expect(page.get_by_text("Scorecard submitted.")).to_be_visible()


def addresses_of(pages: list[Page], application: Application) -> set[str]:
    """Walk through the pages of others, and note all that they lead to."""
    found: set[str] = {f"/applications/{application.id}/debrief/room"}
    for page in pages:
        here = page.url
        for path in (here, "/", f"/applications/{application.id}/debrief"):
            page.goto(path)
            found |= {page.url.split("/", 3)[3].join(["/", ""]), *page.evaluate(ADDRESSES)}
        page.goto(here)
    return {each for each in found if not each.endswith("/sign-out")}


def pry(page: Page, paths: set[str], own: str) -> list[str]:
    """Open and post to each address as the curious one; return those that told what somebody else found."""
    told = []
    for path in sorted(paths):
        for answer in (page.request.get(path), page.request.post(path, data="")):
            others = set(re.findall(r"quokka-\d", answer.text())) - {own}
            told += [path] if others else []
    return told


def test_a_loop_of_five_from_the_first_word_to_the_record(live: Live, loop: list[Assignment]) -> None:
    application = loop[0].interview.application
    manager, room = application.requisition.hiring_manager, f"/applications/{application.id}/debrief"
    pages = [live.page(each.person, NARROW if number % 2 else WIDE) for number, each in enumerate(loop)]
    curious, offline = pages[CURIOUS], pages[OFFLINE]
    for page, each in zip(pages, loop, strict=True):
        page.goto(f"/scorecards/{each.id}")

    offline.context.set_offline(True)
    for number, page in enumerate(pages):
        write(page, number)
    expect(offline.locator("[data-autosave-status]")).to_contain_text("offline, will retry")
    others = [page for page in pages if page not in (curious, offline)]
    for page in others:
        hand_in(page)
    paths = addresses_of(others, application)
    assert len(paths) > 10
    assert pry(curious, paths, found_by(CURIOUS)) == []
    expect(curious.get_by_label("Summary")).to_have_value(f"{found_by(CURIOUS)} in short")

    offline.context.set_offline(False)
    saved(offline)
    for page in (offline, curious):
        hand_in(page)

    for page in pages:
        page.goto(room)
        assert {found_by(number) for number in range(5)} == set(re.findall(r"quokka-\d", page.content()))
    here = pages[-1].locator("[data-room]")
    expect(here).to_have_text("Also here: Anna A, Ben B, Curious C, Dora D.")

    for number, page in enumerate(pages):
        page.locator(".segment", has_text=re.compile("^Hire$")).click()
        page.get_by_label("Why", exact=False).first.fill(f"wombat-{number}")
    pages[0].get_by_label("Bar raiser's word").fill("She raises the bar")
    for page in pages[:4]:
        page.get_by_role("button", name="Vote").click()
        expect(page.get_by_text("Your vote is in.")).to_be_visible()
    assert set(re.findall(r"wombat-\d", pages[3].content())) == {"wombat-3"}
    pages[4].get_by_role("button", name="Vote").click()
    expect(pages[4].get_by_text("wombat-0")).to_be_visible()
    # What comes every 15 seconds comes also when the window is looked at again.
    pages[0].evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(pages[0].get_by_role("link", name="There is news: show it")).to_be_visible()

    decide_and_read(live.page(manager), application)


def decide_and_read(page: Page, application: Application) -> None:
    page.goto(f"/applications/{application.id}/debrief")
    page.get_by_role("button", name="Close the debrief").click()
    page.get_by_role("dialog").get_by_role("button", name="Close the debrief").click()
    page.locator(".segment", has_text=re.compile("^Hire$")).click()
    page.get_by_label("Level").fill("Senior")
    page.get_by_label("Rationale").fill("All five for it")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Record the decision").click()
    page.get_by_role("link", name="The whole record").click()
    expect(page.get_by_text("She raises the bar")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").click()
    text = " ".join(each.extract_text() for each in PdfReader(BytesIO(download.value.path().read_bytes())).pages)
    for said in ("Senior", "All five for it", "She raises the bar", *NAMES, "wombat-4"):
        assert said in text, said
