"""Makes the README's pictures from a demo that is running: ``python -m docs.screenshots http://127.0.0.1:8000``."""

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).resolve().parent
PASSWORD = "northwind"  # noqa: S105 - the demo's, known to everybody
WIDE, PHONE = (1280, 800), (375, 720)


def _signed_in(browser: Browser, base: str, who: str, size: tuple[int, int]) -> Page:
    page = browser.new_page(viewport={"width": size[0], "height": size[1]}, device_scale_factor=1)
    page.goto(f"{base}/sign-in")
    page.fill("#email", f"{who}@northwind.example")
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_url(f"{base}/")
    return page


def _link(page: Page, address: str, name: str) -> None:
    page.goto(address)
    page.get_by_role("link", name=name).first.click()
    page.wait_for_load_state()


def main(base: str) -> None:
    """Take all pictures."""
    chromium = os.environ.get("TRACKER_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        recruiter = _signed_in(browser, base, "rosa", WIDE)
        recruiter.screenshot(path=FOLDER / "today.png")
        recruiter.goto(f"{base}/requisitions/1/board")
        recruiter.screenshot(path=FOLDER / "board.png")
        _link(recruiter, f"{base}/candidates?q=arjun", "Arjun Mehta")
        recruiter.goto(recruiter.url + "/loop")
        recruiter.get_by_role("heading", name="Coverage").evaluate("heading => heading.scrollIntoView()")
        recruiter.screenshot(path=FOLDER / "loop.png")
        interviewer = _signed_in(browser, base, "felix", PHONE)
        interviewer.get_by_role("link", name="Write the scorecard").first.click()
        interviewer.wait_for_load_state()
        interviewer.screenshot(path=FOLDER / "scorecard-phone.png")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
