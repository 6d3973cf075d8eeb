"""What is sealed is opened with the same key alone, as it was, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.sealing import opened, sealed

KEY, NONCE = "a key for tests only, 32 characters long", bytes(range(16))


@given(st.text(max_size=200).filter(lambda text: text.isprintable()), st.binary(min_size=16, max_size=16))
def test_it_opens_with_its_key_alone(text: str, nonce: bytes) -> None:
    hidden = sealed(text, KEY, nonce)
    assert opened(hidden, KEY) == text
    assert opened(hidden, KEY + "x") is None
    assert len(text) < 4 or text not in hidden


def test_the_same_is_sealed_otherwise_each_time() -> None:
    assert sealed("sesame", KEY, NONCE) != sealed("sesame", KEY, NONCE[::-1])
    assert sealed("sesame", KEY, NONCE)[24:30] != sealed("sesame", KEY, NONCE[::-1])[24:30]


@pytest.mark.parametrize("changed", ["", "x", "ä", "A" * 64, "A" * 200])
def test_what_was_changed_does_not_open(changed: str) -> None:
    assert opened(changed, KEY) is None
    hidden = sealed("sesame", KEY, NONCE)
    for place in range(0, len(hidden) - 2, 7):
        other = "A" if hidden[place] != "A" else "B"
        assert opened(hidden[:place] + other + hidden[place + 1 :], KEY) is None


def test_a_short_nonce_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        sealed("sesame", KEY, b"short")
