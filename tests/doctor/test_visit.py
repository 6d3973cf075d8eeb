"""The doctor's whole visit: every finding in its order, and what ends it."""

from pathlib import Path

import pytest

from tests.doctor.servers import mail_at
from tests.test_config import ENOUGH
from tracker import doctor, schema

pytestmark = pytest.mark.filterwarnings(
    # The tests' own mail server says so of every server that lets people sign in without encryption.
    "ignore:Requiring AUTH while not requiring TLS",
    "ignore:auth_required:UserWarning",
)


def test_settings_that_cannot_be_read_end_the_visit_with_all_of_them_named() -> None:
    found = list(doctor.examine({**ENOUGH, "TRACKER_PORT": "no", "TRACKER_PROXIES": "no", "TRACKER_PROT": "1"}))
    assert [finding.text.split()[0] for finding in found] == ["TRACKER_PROT", "TRACKER_PROXIES", "TRACKER_PORT"]
    assert not any(finding.ok for finding in found)


def test_the_whole_visit_in_order(tmp_path: Path) -> None:
    with mail_at() as port:
        more = {"TRACKER_MAIL_URL": f"smtp://127.0.0.1:{port}", "TRACKER_DATA_DIR": str(tmp_path)}
        schema.upgrade(f"sqlite:///{tmp_path}/tracker.db")
        found = list(doctor.examine({**ENOUGH, **more, "TRACKER_BASE_URL": "http://localhost:8000"}))
    assert [finding.about for finding in found if not finding.ok] == ["people", "worker"], "nobody is there yet"
    assert [finding.about for finding in found][-7:-3] == ["database", "schema", "people", "worker"]
    assert [finding.about for finding in found][-3:] == ["mail server", "sending", "replies"]
