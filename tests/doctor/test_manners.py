"""The doctor at the settings: keys and tokens that can be guessed, addresses that do not fit."""

import pytest

from tests.doctor.servers import settings
from tracker.doctor import manners


def test_keys_that_can_be_guessed() -> None:
    for key in ("ab" * 20, "change-me-change-me-change-me-please"):
        [finding, _] = manners.examine(settings(SECRET_KEY=key))
        assert "can be guessed" in finding.text
        assert key not in finding.text
    [finding, _] = manners.examine(settings())
    assert finding.ok


@pytest.mark.parametrize(("token", "ok"), [("ab" * 20, False), ("8c1f0b7de29a4653", True)])
def test_tokens_that_can_be_guessed(token: str, ok: bool) -> None:
    [_, finding, _] = manners.examine(settings(METRICS_TOKEN=f"{token}{token}"))
    assert finding.ok is ok
    assert token not in finding.text


@pytest.mark.parametrize(
    ("address", "proxies", "ok"),
    [
        ("http://localhost:8000", "0", True),
        ("http://hiring.example.org", "0", False),
        ("https://hiring.example.org", "0", False),
        ("https://hiring.example.org", "1", True),
    ],
)
def test_addresses(address: str, proxies: str, ok: bool) -> None:
    [_, finding] = manners.examine(settings(BASE_URL=address, PROXIES=proxies))
    assert finding.ok is ok
