"""Busy times: which addresses are read, what is shown of them, how spans are put together, when they are stale."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules import busy_times
from tracker.rules.busy_times import BadAddress, Freshness, Span, Trouble, checked_address, masked, merged

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def at(minute: int) -> datetime:
    return NOW + timedelta(minutes=minute)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (" https://Calendar.example/a/B.ics?k=1#x ", "https://calendar.example/a/B.ics?k=1"),
        ("webcal://p01.example:8443/x", "https://p01.example:8443/x"),
        ("WEBCAL://p01.example", "https://p01.example/"),
        ("http://10.0.0.1/c.ics", "http://10.0.0.1/c.ics"),
    ],
)
def test_addresses_that_are_taken(given: str, kept: str) -> None:
    assert checked_address(given) == kept
    assert checked_address(kept) == kept


@pytest.mark.parametrize(
    "given",
    [
        "", "calendar.example/x", "ftp://calendar.example/x", "file:///etc/passwd", "https://", "https://:80/x",
        "https://a b.example/", "https://a.example/\r\nX: y", "https://a.example:port/", "https://[::1/",
        "https://ä.example/", "https://a.example/" + "x" * 2000, "https://me:secret@a.example/x", "javascript:1",
    ],
)  # fmt: skip
def test_addresses_that_are_not(given: str) -> None:
    with pytest.raises(BadAddress) as refused:
        checked_address(given)
    assert "secret@" not in refused.value.message
    assert refused.value.field == "address"


def test_what_is_shown_of_an_address() -> None:
    assert masked("https://calendar.example:8443/private-0f3a/basic.ics?key=1") == "calendar.example/…"


def test_every_trouble_has_words() -> None:
    assert all(trouble.words.endswith((".", "?")) for trouble in Trouble)


def test_stale_after_six_hours() -> None:
    assert busy_times.freshness(None, NOW) is Freshness.NEVER
    assert busy_times.freshness(NOW - timedelta(hours=6), NOW) is Freshness.FRESH
    assert busy_times.freshness(NOW - timedelta(hours=6, seconds=1), NOW) is Freshness.STALE


def test_who_fails_is_asked_less_and_less() -> None:
    pauses = [busy_times.next_at(failures, NOW) - NOW for failures in (0, 1, 2, 3, 4, 5, 10_000)]
    assert [pause.total_seconds() / 60 for pause in pauses] == [30, 5, 15, 45, 135, 360, 360]


SPANS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 20), st.booleans()).map(
        lambda each: Span(at(each[0]), at(each[0] + each[1]), each[2])
    ),
    max_size=12,
)


@given(SPANS)
def test_merged_spans_say_the_same_without_overlaps(spans: list[Span]) -> None:
    """Held against what a clock says minute by minute."""

    def said(by: list[Span] | tuple[Span, ...], minute: int) -> bool | None:
        over = {each.is_tentative for each in by if each.starts_at <= at(minute) < each.ends_at}
        return None if not over else False not in over

    found = merged(spans)
    assert [said(found, minute) for minute in range(80)] == [said(spans, minute) for minute in range(80)]
    assert all(one.ends_at <= other.starts_at for one, other in zip(found, found[1:], strict=False))
    assert all(each.starts_at < each.ends_at for each in found)
    assert merged(found) == found
