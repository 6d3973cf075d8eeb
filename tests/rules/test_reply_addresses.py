"""The address of one invitation: it comes back whatever mail systems do to it, and nobody can make one up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.reply_addresses import MOST_ID, Invitation, address_of, invitation_of, token_in

BASE, KEY = "replies@hiring.example.org", "a key for tests only, 32 characters long"
# What stands before the @ (RFC 5321, section 4.5.3.1.1).
LONGEST_LOCAL = 64
INVITATIONS = st.builds(Invitation, st.booleans(), st.integers(1, MOST_ID))


@given(INVITATIONS, INVITATIONS)
def test_it_comes_back_in_any_case(one: Invitation, other: Invitation) -> None:
    address = address_of(BASE, one, KEY)
    token = token_in(address.upper(), BASE)
    assert token is not None
    assert invitation_of(token, KEY) == one
    assert len(address_of(f"{'b' * 32}@x.example", one, KEY).partition("@")[0]) <= LONGEST_LOCAL
    assert (address_of(BASE, other, KEY) == address) == (one == other)


@given(INVITATIONS, st.integers(0, 30), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567019+."))
def test_one_letter_changed_is_none(one: Invitation, at: int, letter: str) -> None:
    token = token_in(address_of(BASE, one, KEY), BASE) or ""
    changed = token[:at] + letter + token[at + 1 :]
    assert invitation_of(changed, KEY) is None or changed == token
    assert invitation_of(token, KEY + "!") is None


@given(st.text(max_size=80))
def test_no_text_is_an_error(text: str) -> None:
    assert invitation_of(text, KEY) is None
    token_in(text, BASE)


@pytest.mark.parametrize(
    ("address", "base", "token"),
    [
        ("replies+a1x@hiring.example.org", BASE, "a1x"),
        (" Replies+A1x@Hiring.Example.Org ", BASE, "a1x"),
        ("replies@hiring.example.org", BASE, ""),
        ("replies+@hiring.example.org", BASE, ""),
        ("replies+a1x@elsewhere.example.org", BASE, None),
        ("repliesx+a1x@hiring.example.org", BASE, None),
        ("replies-a1x@hiring.example.org", BASE, None),
        ("team+replies+a1x@x.example", "team+replies@x.example", "a1x"),
        ("team+a1x@x.example", "team+replies@x.example", None),
        ("", BASE, None),
        ("@", BASE, None),
    ],
)
def test_which_addresses_are_ours(address: str, base: str, token: str | None) -> None:
    assert token_in(address, base) == token


def test_an_id_beyond_all_rows_is_none() -> None:
    token = token_in(address_of(BASE, Invitation(False, MOST_ID + 1), KEY), BASE) or ""
    assert invitation_of(token, KEY) is None
