"""The browser of the browser tests: found, or installed where that can be done."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping

from tracker.launcher.words import Failed, say

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium(environ: Mapping[str, str] = os.environ) -> str | None:
    """Return the path of a Chromium that starts, or None. TRACKER_CHROMIUM goes before those of the machine."""
    named = environ.get("TRACKER_CHROMIUM")
    paths = [named] if named else [path for path in map(shutil.which, BROWSERS) if path]
    return next((path for path in paths if _starts(path)), None)


def _starts(browser: str) -> bool:
    # Ubuntu has a /usr/bin/chromium-browser that only says that it is to be had elsewhere.
    try:
        return subprocess.run([browser, "--version"], capture_output=True, check=False, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def chromium_for_tests() -> str | None:
    """Return a Chromium, installed with apt where possible; None, and said so, where the tests may skip it."""
    found = find_chromium()
    if not found and not os.environ.get("TRACKER_CHROMIUM") and os.geteuid() == 0 and shutil.which("apt-get"):
        say("Installing Chromium with apt for the browser tests (once) ...")
        _apt("update")
        _apt("install", "--yes", "--no-install-recommends", "chromium")
        found = find_chromium()
    if found:
        return found
    how = "install it (Debian: apt install chromium), or set TRACKER_CHROMIUM to the path of one that starts"
    if os.environ.get("TRACKER_REQUIRE_CHROMIUM") == "1":
        raise Failed(f"The browser tests need Chromium and none was found: {how}.")
    say(f"NOTE: the browser tests are skipped, because no Chromium was found: {how}.")
    return None


def _apt(*words: str) -> None:
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "--quiet=2", *words], env=environ, stdout=sys.stderr, check=False)  # noqa: S607
