"""The page's script and looks in a real browser: cards that move, texts that are not lost, no trap for anybody."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Dialog, Locator, Page, expect

from tests.browser.conftest import NARROW, WIDE, served
from tests.parts import OFFER, Parts, make_parts

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("page_parts")]


@pytest.fixture
def parts() -> Parts:
    return make_parts()


@pytest.fixture
def address(parts: Parts) -> Iterator[str]:
    with served(parts.app) as url:
        yield url


@pytest.fixture
def context(chromium: Browser, address: str) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=address, viewport={"width": WIDE[0], "height": WIDE[1]})
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page on which no script may fail."""
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    assert faults == []


def column(page: Page, number: int, card: int) -> Locator:
    return page.locator(f"[data-column='{number}'] #application-{card}")


def test_a_card_is_dragged_to_another_column_and_taken_back(page: Page, parts: Parts) -> None:
    page.goto("/board")
    page.locator("#application-100").drag_to(page.locator("[data-column='3'] [data-cards]"))
    expect(column(page, 3, 100)).to_be_visible()
    expect(page.locator("#stage-1 [data-count]")).to_have_text("999")
    expect(page.locator(".toast")).to_contain_text("Moved.")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".toast")).to_contain_text("Took back 100.")
    expect(column(page, 1, 100)).to_be_visible()
    expect(page.locator("#stage-1 [data-count]")).to_have_text("1,000")
    [moved], [undone] = parts.of("move"), parts.of("undo")
    assert (moved["stage"], moved["version"]) == ("3", "1")
    # The next form must carry the version that the move left, and a key of its own.
    assert undone["version"] == "2"
    assert undone["once"] != moved["once"]


def test_a_refused_move_goes_back_and_says_why(page: Page) -> None:
    page.goto("/board")
    page.locator("#application-200").focus()
    page.keyboard.press("m")
    page.locator("#application-200").get_by_role("button", name="Offer").click()
    expect(page.locator(".toast")).to_contain_text("An offer needs a delivered outcome first.")
    expect(column(page, 2, 200)).to_be_visible()
    expect(page.locator(f"#stage-{OFFER} [data-count]")).to_have_text("4")


def test_a_card_moves_by_keys_and_keeps_the_focus(page: Page) -> None:
    page.goto("/board")
    page.locator("#application-200").focus()
    page.keyboard.press("Alt+ArrowRight")
    expect(column(page, 3, 200)).to_be_focused()
    expect(page.locator(".toast")).to_contain_text("Moved.")
    page.keyboard.press("m")
    expect(page.locator("#application-200").get_by_role("button", name="Application")).to_be_focused()
    expect(page.locator("#application-200").get_by_role("button", name="Loop")).to_be_hidden()


def test_a_column_loads_more_as_it_is_scrolled(page: Page) -> None:
    page.goto("/board")
    cards = page.locator("[data-column='1'] [data-card]")
    expect(cards).to_have_count(20)
    page.locator("[data-column='1'] [data-next]").scroll_into_view_if_needed()
    expect(page.locator("#application-20")).to_be_attached()
    expect(page.locator("#application-20")).to_have_attribute("draggable", "true")


def test_what_is_typed_is_saved_with_the_newest_version(page: Page, parts: Parts) -> None:
    page.goto("/form")
    status = page.locator("[data-autosave-status]")
    page.fill("#notes", "first")
    expect(status).to_have_text(re.compile(r"Saved \d\d:42"))
    page.fill("#notes", "second")
    expect(page.locator("#version")).to_have_value("3")
    assert [(d["notes"], d["version"]) for d in parts.of("draft")] == [("first", "1"), ("second", "2")]
    assert all("once" not in draft for draft in parts.of("draft"))
    assert page.evaluate("Object.keys(localStorage)") == []


def test_what_could_not_be_saved_is_sent_when_the_connection_is_back(context: BrowserContext, page: Page) -> None:
    page.goto("/form")
    status = page.locator("[data-autosave-status]")
    context.set_offline(True)
    page.fill("#notes", "written on a train")
    expect(status).to_have_text("Not saved: offline, will retry.")
    context.set_offline(False)
    expect(status).to_have_text(re.compile("^Saved"))


def test_what_could_not_be_saved_comes_back_after_a_reload(page: Page, parts: Parts) -> None:
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    parts.draft_fails = 503
    page.goto("/form")
    page.fill("#notes", "kept")
    expect(page.locator("[data-autosave-status]")).to_contain_text("Will retry")
    parts.draft_fails = 0
    page.reload()
    expect(page.locator("#notes")).to_have_value("kept")
    expect(page.locator("[data-autosave-status]")).to_have_text(re.compile("^Saved"))
    assert asked == ["beforeunload"]
    assert parts.of("draft")[-1]["notes"] == "kept"


def test_a_draft_changed_elsewhere_is_not_overwritten(page: Page, parts: Parts) -> None:
    parts.draft_fails = 409
    page.goto("/form")
    page.fill("#notes", "mine")
    expect(page.locator("[data-autosave-status]")).to_contain_text("Somebody was faster.")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.fill("#notes", "mine again")
    # What else makes an unsaved form save at once does not either.
    page.evaluate("window.dispatchEvent(new Event('online'))")
    assert asked == []
    assert len(parts.of("draft")) == 1
    expect(page.locator("#notes")).to_have_value("mine again")


def test_rows_are_added_empty_and_renumbered_and_taken_away(page: Page) -> None:
    page.goto("/form")
    page.fill("#evidence-1-situation", "not to be copied")
    page.get_by_role("button", name="Add evidence").click()
    expect(page.locator("#evidence-2-situation")).to_have_value("")
    expect(page.locator("#evidence-2-situation")).to_be_focused()
    expect(page.locator("label[for='evidence-2-situation']")).to_be_visible()
    expect(page.get_by_role("button", name="Add evidence")).to_be_disabled()
    page.locator("[data-row-remove]").first.click()
    names = [row.get_attribute("name") for row in page.locator("[data-row] textarea").all()]
    assert names == ["evidence-1-situation", "evidence-2-situation"]


def test_a_grave_button_asks_first_and_sends_once(page: Page, parts: Parts) -> None:
    page.goto("/form")
    page.fill("#name", "Ada")
    page.check("input[name='recommendation'][value='Hire']", force=True)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("dialog", name="Send it now?").get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Escape")
    assert parts.of("form") == []
    page.get_by_role("button", name="Send").click()
    page.get_by_role("dialog").get_by_role("button", name="Send").click()
    expect(page.locator("[data-autosave]")).to_have_count(0)
    assert len(parts.of("form")) == 1


def test_the_chosen_colours_stay(page: Page) -> None:
    page.goto("/parts")
    page.get_by_label("Your account").click()
    page.get_by_role("button", name="Dark").click()
    page.reload()
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


def test_without_script_dialogs_open_in_place_and_cards_have_their_menu(chromium: Browser, address: str) -> None:
    context = chromium.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/parts")
    page.get_by_role("link", name="Pause").click()
    expect(page.get_by_text("Why?")).to_be_visible()
    page.goto("/board")
    page.locator("#application-200 summary").click()
    expect(page.locator("#application-200").get_by_role("button", name="Loop")).to_be_visible()
    expect(page.get_by_role("link", name="Show more")).to_have_attribute("href", "/more?after=20")
    context.close()


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_nothing_is_in_anybodys_way(chromium: Browser, address: str, size: tuple[int, int], colours: str) -> None:
    # The policy is set aside only so that the checker's own script may be put into the page.
    context = chromium.new_context(
        base_url=address, viewport={"width": size[0], "height": size[1]}, bypass_csp=True,
        color_scheme="dark" if colours == "dark" else "light",
    )  # fmt: skip
    page = context.new_page()
    for path in ("/parts", "/board", "/form"):
        page.goto(path)
        found = Axe().run(page).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"]) for v in found] == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], f"{path} scrolls sideways"
    context.close()
