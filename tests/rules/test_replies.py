"""What to make of an answer: a table of all that can be wrong, stale or late, and what counts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tracker.rules.answers import MOST_SEARCHES, NOTICE, Answer, may_search
from tracker.rules.replies import Asked, Said, Verdict, judge

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
IAN, EVE = "ian@tracker.example", "eve@elsewhere.example"
ASKED = Asked(frozenset({IAN, "ian.old@tracker.example"}), "uid-1", 2, True, False, None, None)
SAID = Said("REPLY", "uid-1", 2, NOW - MINUTE, ((IAN, "ACCEPTED"),))
COUNTER = replace(SAID, method="COUNTER", attendees=((IAN, "TENTATIVE"), (EVE, "NEEDS-ACTION")))
ANSWERED = replace(ASKED, answer=Answer.ACCEPTED, stamp=NOW - MINUTE)

CASES: dict[str, tuple[Said, Asked, str, Verdict, Answer | None]] = {
    "yes": (SAID, ASKED, IAN, Verdict.TAKEN, Answer.ACCEPTED),
    "no": (replace(SAID, attendees=((IAN, "DECLINED"),)), ASKED, IAN, Verdict.TAKEN, Answer.DECLINED),
    "perhaps": (replace(SAID, attendees=((IAN, "TENTATIVE"),)), ASKED, IAN, Verdict.TAKEN, Answer.TENTATIVE),
    "another time": (COUNTER, ASKED, IAN, Verdict.TAKEN, Answer.OTHER_TIME),
    "a former address": (
        replace(SAID, attendees=(("ian.old@tracker.example", "ACCEPTED"),)),
        ASKED,
        IAN,
        Verdict.TAKEN,
        Answer.ACCEPTED,
    ),
    "a change that was never made": (replace(SAID, sequence=3), ASKED, IAN, Verdict.REFUSED, None),
    "no stamp": (replace(SAID, stamp=None), ANSWERED, IAN, Verdict.TAKEN, Answer.ACCEPTED),
    "a newer one": (SAID, replace(ANSWERED, stamp=NOW - 2 * MINUTE), IAN, Verdict.TAKEN, Answer.ACCEPTED),
    "another one in the same second": (
        replace(SAID, attendees=((IAN, "DECLINED"),)),
        ANSWERED,
        IAN,
        Verdict.TAKEN,
        Answer.DECLINED,
    ),
    "another event": (replace(SAID, uid="uid-2"), ASKED, IAN, Verdict.REFUSED, None),
    "no event's name": (replace(SAID, uid=""), ASKED, IAN, Verdict.REFUSED, None),
    "from somebody else": (SAID, ASKED, EVE, Verdict.REFUSED, None),
    "from nobody": (SAID, ASKED, "", Verdict.REFUSED, None),
    "for somebody else": (replace(SAID, attendees=((EVE, "DECLINED"),)), ASKED, IAN, Verdict.REFUSED, None),
    "for somebody else too": (
        replace(SAID, attendees=((IAN, "ACCEPTED"), (EVE, "DECLINED"))),
        ASKED,
        IAN,
        Verdict.REFUSED,
        None,
    ),
    "for nobody": (replace(SAID, attendees=()), ASKED, IAN, Verdict.REFUSED, None),
    "several events": (replace(SAID, events=2), ASKED, IAN, Verdict.UNREADABLE, None),
    "no event": (replace(SAID, events=0), ASKED, IAN, Verdict.UNREADABLE, None),
    "one of a series": (replace(SAID, is_of_series=True), ASKED, IAN, Verdict.UNREADABLE, None),
    "neither yes nor no": (replace(SAID, attendees=((IAN, "NEEDS-ACTION"),)), ASKED, IAN, Verdict.UNREADABLE, None),
    "given to others": (replace(SAID, attendees=((IAN, "DELEGATED"),)), ASKED, IAN, Verdict.UNREADABLE, None),
    "an older invitation": (replace(SAID, sequence=1), ASKED, IAN, Verdict.STALE, None),
    "an older answer": (replace(SAID, stamp=NOW - 2 * MINUTE), ANSWERED, IAN, Verdict.STALE, None),
    "the same again": (SAID, ANSWERED, IAN, Verdict.KNOWN, None),
    "cancelled or given away": (SAID, replace(ASKED, stands=False), IAN, Verdict.LATE, None),
    "begun": (SAID, replace(ASKED, has_begun=True), IAN, Verdict.LATE, None),
    "forged and late": (SAID, replace(ASKED, stands=False), EVE, Verdict.REFUSED, None),
}


@pytest.mark.parametrize("name", CASES)
def test_verdicts(name: str) -> None:
    said, asked, sender, verdict, answer = CASES[name]
    found = judge(said, asked, sender, NOW)
    assert (found.verdict, found.answer) == (verdict, answer)
    assert (found.why == "") == (verdict is Verdict.TAKEN)
    assert found.verdict.label


def test_a_clock_that_runs_ahead_shuts_no_later_answer_out() -> None:
    found = judge(replace(SAID, stamp=NOW + timedelta(days=400)), ASKED, IAN, NOW)
    assert found.stamp == NOW
    later = replace(ASKED, answer=Answer.ACCEPTED, stamp=found.stamp)
    no = replace(SAID, stamp=NOW + MINUTE, attendees=((IAN, "DECLINED"),))
    assert judge(no, later, IAN, NOW + 2 * MINUTE).answer is Answer.DECLINED


@pytest.mark.parametrize(
    ("at", "counts"),
    [
        (NOW + timedelta(days=2), True),
        (NOW - timedelta(days=1), True),
        (NOW - timedelta(days=1, seconds=1), False),
        (NOW + timedelta(days=731), True),
        (NOW + timedelta(days=731, seconds=1), False),
        (datetime.min.replace(tzinfo=UTC), False),
        (datetime.max.replace(tzinfo=UTC), False),
        (None, False),
    ],
)
def test_another_time_counts_where_it_can_be_meant(at: datetime | None, counts: bool) -> None:
    found = judge(replace(COUNTER, starts_at=at), ASKED, IAN, NOW)
    assert (found.answer, found.proposed_at) == (Answer.OTHER_TIME, at if counts else None)
    assert judge(replace(SAID, starts_at=NOW), ASKED, IAN, NOW).proposed_at is None, "a yes asks for no other time"


@pytest.mark.parametrize(
    ("left", "searches", "is_on", "may"),
    [
        (NOTICE, 0, True, True),
        (NOTICE - timedelta(seconds=1), 0, True, False),
        (NOTICE, MOST_SEARCHES - 1, True, True),
        (NOTICE, MOST_SEARCHES, True, False),
        (NOTICE, 0, False, False),
    ],
)
def test_when_the_tracker_looks_for_a_substitute(left: timedelta, searches: int, is_on: bool, may: bool) -> None:
    assert may_search(NOW + left, searches, is_on, NOW) is may
    assert not may_search(None, searches, is_on, NOW)
