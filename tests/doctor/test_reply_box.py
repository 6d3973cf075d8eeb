"""The doctor at the mailbox of replies."""

from dataclasses import replace
from pathlib import Path

from tests.conftest import settings_for
from tests.mail import imap_server
from tracker.doctor import reply_box


def test_how_replies_come_is_told(tmp_path: Path) -> None:
    settings = settings_for("sqlite:////none", tmp_path)
    assert "TRACKER_REPLY_ADDRESS is not set" in reply_box.examine(settings).text
    settings = replace(settings, reply_address="replies@tracker.example")
    assert "python3 -m tracker receive" in reply_box.examine(settings).text
    with imap_server.running() as box:
        settings = replace(settings, replies=box.settings)
        finding = reply_box.examine(settings)
        assert finding.ok
        assert f"fetched from 127.0.0.1:{box.port}, folder INBOX" in finding.text
        box.refuse = "SELECT"
        finding = reply_box.examine(settings)
        assert not finding.ok
        assert "no folder" in finding.text
        wrong = replace(settings, replies=replace(box.settings, password="secret-of-mine"))
        assert "refuses the user or the password" in reply_box.examine(wrong).text
        assert "secret-of-mine" not in reply_box.examine(wrong).text
    assert not reply_box.examine(settings).ok
