"""The text of an e-mail as the recruiting side reads it: without the keys of links that are somebody else's."""

import pytest
from itsdangerous import URLSafeTimedSerializer

from tracker.web.mail_text import without_keys

SIGNED = URLSafeTimedSerializer("secret", salt="set-password").dumps([7, 0])


@pytest.mark.parametrize("path", ["/my/", "/set-password/"])
# Named, since the signed one bears the moment: all workers have to know a test by the same name.
@pytest.mark.parametrize("key", ["abc-DEF_123", SIGNED], ids=["drawn", "signed"])
@pytest.mark.parametrize("after", ["", "\nBye", " and more", ">"])
def test_nothing_of_a_key_is_left(path: str, key: str, after: str) -> None:
    text = without_keys(f"Open http://tracker.example{path}{key}{after}")
    assert text == f"Open http://tracker.example{path}…{after}"
    assert not any(part in text for part in key.split("."))


def test_other_links_stay() -> None:
    assert without_keys("http://tracker.example/applications/7.") == "http://tracker.example/applications/7."
