"""Makes the README's pictures from a demo that is running: ``python -m docs.screenshots http://127.0.0.1:8000``."""

import os
import shutil
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).resolve().parent
PASSWORD = "northwind"  # noqa: S105 - the demo's, known to everybody
WIDE, TALL, PHONE = (1280, 800), (1280, 1400), (375, 740)
# Pages have few colours: so many show all of them, in a third of the bytes.
COLOURS = 128


def _window(browser: Browser, size: tuple[int, int]) -> Page:
    return browser.new_page(viewport={"width": size[0], "height": size[1]}, device_scale_factor=1, locale="en-GB")


def _signed_in(browser: Browser, base: str, who: str, size: tuple[int, int]) -> Page:
    page = _window(browser, size)
    page.goto(f"{base}/sign-in")
    page.fill("#email", f"{who}@northwind.example")
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_url(f"{base}/")
    return page


def _take(page: Page, name: str) -> None:
    picture = Image.open(BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(FOLDER / f"{name}.png", optimize=True)


def _candidate(page: Page, base: str, name: str) -> str:
    """Open the page of a candidate's application; return its address."""
    page.goto(f"{base}/candidates?state=any&q={name}")
    page.get_by_role("link", name=name).first.click()
    page.wait_for_load_state()
    return page.url


def main(base: str) -> None:
    """Take all pictures."""
    chromium = os.environ.get("TRACKER_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        recruiter = _signed_in(browser, base, "rosa", WIDE)
        _take(recruiter, "today")
        recruiter.goto(f"{base}/requisitions/1/board")
        _take(recruiter, "board")

        recruiter.set_viewport_size({"width": TALL[0], "height": TALL[1]})
        recruiter.goto(_candidate(recruiter, base, "Arjun Mehta") + "/loop")
        _take(recruiter, "loop")
        recruiter.goto(_candidate(recruiter, base, "Ingrid Solberg") + "/decision/record")
        _take(recruiter, "record")

        interviewer = _signed_in(browser, base, "felix", PHONE)
        interviewer.get_by_role("link", name="Write the scorecard").first.click()
        interviewer.wait_for_load_state()
        _take(interviewer, "scorecard-phone")

        # By the link of the e-mail, as the candidate comes.
        candidate = _window(browser, PHONE)
        candidate.goto(f"{base}/inbox?to=wei.zhang@candidates.example")
        letter = candidate.get_by_role("link", name="Choose your interview times").first.get_attribute("href")
        candidate.goto(f"{base}{letter}/html")
        times = candidate.locator("a[href*='/my/']").first.get_attribute("href") or ""
        candidate.goto(times.removesuffix("/loop"))
        _take(candidate, "candidate-phone")
        candidate.goto(times)
        _take(candidate, "choosing-phone")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
