"""Moments, days, sizes and names as the pages write them."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from flask import Flask, render_template_string

from tracker.rules.zones import NaiveMoment
from tracker.web import filters

DUE = datetime(2026, 11, 27, 22, 59, 59, tzinfo=UTC)


def test_a_moment_is_written_in_the_zone_with_its_letters() -> None:
    assert filters.moment(DUE, "Europe/Berlin") == "Fri 27 Nov 2026, 23:59 CET"


def test_the_same_moment_is_another_day_elsewhere() -> None:
    assert filters.moment(DUE, "Asia/Tokyo") == "Sat 28 Nov 2026, 07:59 JST"
    assert filters.local_day(DUE, "Asia/Tokyo") == "Sat 28 Nov 2026"


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("America/Sao_Paulo", "19:59 UTC−03"),
        ("Asia/Kathmandu", "04:44 UTC+05:45"),
        ("Pacific/Chatham", "12:44 UTC+13:45"),
        ("America/St_Johns", "19:29 NST"),
        ("UTC", "22:59 UTC"),
    ],
)
def test_a_zone_without_letters_is_told_by_its_offset(zone: str, words: str) -> None:
    assert filters.clock_time(DUE, zone) == words


@pytest.mark.parametrize("write", [filters.moment, filters.short_moment, filters.local_day, filters.clock_time])
def test_a_naive_moment_is_refused(write: object) -> None:
    with pytest.raises(NaiveMoment):
        write(datetime(2026, 11, 27, 12, 0), "UTC")  # type: ignore[operator]  # noqa: DTZ001


def test_a_naive_end_is_refused_too() -> None:
    with pytest.raises(NaiveMoment):
        filters.time_range(DUE, datetime(2026, 11, 27, 23, 30), "UTC")  # noqa: DTZ001


def test_any_aware_moment_will_do_not_only_utc() -> None:
    at = datetime(2026, 11, 27, 12, 0, tzinfo=timezone(timedelta(hours=-5)))
    assert filters.moment(at, "UTC") == "Fri 27 Nov 2026, 17:00 UTC"


def test_a_day_is_a_date_and_never_a_moment() -> None:
    assert filters.day(date(2026, 1, 5)) == "Mon 5 Jan 2026"
    with pytest.raises(TypeError, match="local_day"):
        filters.day(DUE)


def test_the_short_moment_leaves_the_year_out() -> None:
    assert filters.short_moment(DUE, "Europe/Berlin") == "Fri 27 Nov, 23:59 CET"


def test_a_range_within_a_day_says_day_and_zone_once() -> None:
    start = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
    assert filters.time_range(start, start + timedelta(hours=1), "Europe/Berlin") == "Fri 27 Nov 2026, 10:00–11:00 CET"


def test_a_range_over_midnight_says_both_days() -> None:
    start = datetime(2026, 11, 27, 22, 30, tzinfo=UTC)
    expected = "Fri 27 Nov 2026, 23:30 CET – Sat 28 Nov 2026, 00:30 CET"
    assert filters.time_range(start, start + timedelta(hours=1), "Europe/Berlin") == expected


def test_a_range_over_the_change_of_clocks_says_both_zones() -> None:
    start = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    words = filters.time_range(start, start + timedelta(hours=1), "Europe/Berlin")
    assert words == "Sun 25 Oct 2026, 02:30 CEST–02:30 CET"


@pytest.mark.parametrize(
    ("octets", "words"),
    [(0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1.0 kB"), (1_440_000, "1.4 MB"), (10_000_000, "10 MB"),
     (999_700, "1.0 MB"), (5_000_000_000_000, "5000 GB")],
)  # fmt: skip
def test_sizes(octets: int, words: str) -> None:
    assert filters.filesize(octets) == words


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Ada Lovelace", "AL"), ("Ada", "A"), ("Ludwig van Beethoven", "LB"), ("  ", "?"), ("🎉 (Zoë) Ångström", "ZÅ"),
     ("محمد علي", "مع")],
)  # fmt: skip
def test_initials(name: str, letters: str) -> None:
    assert filters.initials(name) == letters


def test_templates_know_them() -> None:
    app = Flask(__name__)
    filters.register(app)
    with app.test_request_context():
        text = render_template_string("{{ at|moment('UTC') }} {{ 2000|filesize }} {{ new_once()|length }}", at=DUE)
    assert text == "Fri 27 Nov 2026, 22:59 UTC 2.0 kB 32"


@pytest.mark.parametrize(
    ("place", "host"),
    [
        ("https://meet.example/northwind-sec-eng?pwd=7", "meet.example"),
        ("http://user@Meet.Example:8443/7", "meet.example"),
        ("Room 7", ""),
        ("javascript://meet.example/%0aalert(1)", ""),
        ("https://", ""),
        ("https://[meet", ""),
        ("", ""),
    ],
)
def test_a_link_is_named_by_its_host_alone(place: str, host: str) -> None:
    assert filters.link_host(place) == host
