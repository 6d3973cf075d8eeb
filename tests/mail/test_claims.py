"""Which mails may be taken in hand: against an oracle that asks the rule's own words of every pair, one by one."""

import random
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import delete, event, insert
from sqlalchemy.orm import Session

from tests.factories import MONDAY
from tracker.mail import claims
from tracker.mail.times import USUAL
from tracker.models.outbox import MailState, OutboxMail, OutboxPause

MINUTE = timedelta(minutes=1)
LONG = timedelta(days=4000)
TOKEN = "ab" * 16


@dataclass(frozen=True)
class Drawn:
    """One mail as it was drawn by chance. Leases are far from now, since PostgreSQL's go by its own clock."""

    id: int
    receiver: str
    order_key: str | None
    state: MailState
    age: int
    wait: int
    is_leased: bool


def draw(chance: random.Random, number: int) -> Drawn:
    return Drawn(
        id=number,
        receiver=chance.choice("ab"),
        order_key=chance.choice([None, None, "x", "y"]),
        state=chance.choice([MailState.WAITING] * 5 + [*MailState]),
        age=chance.choice([0, 5, 9, 11, 300]),
        wait=chance.choice([-300, -5, -5, 0, 1, 60]),
        is_leased=chance.random() < 0.5,
    )


def row(mail: Drawn) -> dict[str, object]:
    is_claimed = mail.state is MailState.CLAIMED
    return {
        "id": mail.id, "dedupe_key": f"{mail.id}", "message_id": f"<{mail.id}>", "kind": "nudge", "subject": "x",
        "message": b"x", "fact": {}, "receiver": mail.receiver, "order_key": mail.order_key, "state": mail.state,
        "created_at": MONDAY - mail.age * MINUTE, "next_try_at": MONDAY + mail.wait * MINUTE,
        "token": "cd" * 16 if is_claimed else None,
        "leased_until": (MONDAY + (LONG if mail.is_leased else -LONG)) if is_claimed else None,
    }  # fmt: skip


def may_go(mail: Drawn, mails: list[Drawn]) -> bool:
    """The rule, as the head of ``claims`` says it."""
    unsettled = [each for each in mails if each.state in (MailState.WAITING, MailState.CLAIMED)]
    earlier = [each for each in unsettled if each.id < mail.id and each.receiver == mail.receiver]
    if mail.state is not MailState.WAITING or mail.wait > 0 or follows(mail, mails):
        return False
    for each in earlier:
        is_in_hand = each.state is MailState.CLAIMED and each.is_leased
        is_next = each.state is MailState.WAITING and each.wait <= 0 and not follows(each, mails)
        if each.age < 10 or is_in_hand or is_next:
            return False
    return True


def follows(mail: Drawn, mails: list[Drawn]) -> bool:
    return mail.order_key is not None and any(
        each.id < mail.id
        and each.order_key == mail.order_key
        and each.receiver == mail.receiver
        and each.state in (MailState.WAITING, MailState.CLAIMED)
        for each in mails
    )


def test_order_by_receiver_against_the_rule(session: Session) -> None:
    chance = random.Random(20261102)
    free = 0
    for _ in range(150):
        mails = [draw(chance, number) for number in range(1, chance.randint(2, 8))]
        session.execute(delete(OutboxMail))
        session.execute(insert(OutboxMail), [row(each) for each in mails])
        expected = [each.id for each in mails if may_go(each, mails)]
        found = claims.claim(session, TOKEN, MONDAY, limit=50, times=USUAL)
        assert sorted(each.id for each in found) == expected, mails
        free += len(expected)
        session.rollback()
    assert free > 80, "most outboxes that are drawn have something to send"


def test_the_longest_due_come_first_and_no_more_than_asked_for(session: Session) -> None:
    waits = [5, -1, -9, -4]
    drawn = [Drawn(n, f"r{n}", None, MailState.WAITING, 0, wait, False) for n, wait in enumerate(waits, 1)]
    session.execute(insert(OutboxMail), [row(each) for each in drawn])
    assert [each.id for each in claims.claim(session, TOKEN, MONDAY, limit=2, times=USUAL)] == [3, 4]
    session.rollback()


@pytest.mark.parametrize("count", [1, 40])
def test_taking_costs_two_statements(session: Session, count: int) -> None:
    drawn = [Drawn(n, f"r{n}", None, MailState.WAITING, 0, -1, False) for n in range(1, count + 1)]
    session.execute(insert(OutboxMail), [row(each) for each in drawn])
    statements: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *args: statements.append(args[2]))
    assert len(claims.claim(session, TOKEN, MONDAY, limit=50, times=USUAL)) == count
    assert len(statements) == 2
    session.rollback()


def test_what_is_given_back_was_no_attempt(session: Session) -> None:
    session.execute(insert(OutboxMail), [row(Drawn(1, "a", None, MailState.WAITING, 0, -1, False))])
    [claim] = claims.claim(session, TOKEN, MONDAY, limit=1, times=USUAL)
    assert claims.start(session, claim, MONDAY, USUAL)
    claims.give_back(session, [claim])
    mail = session.get_one(OutboxMail, 1)
    assert (mail.state, mail.attempts, mail.token, mail.data_started_at) == (MailState.WAITING, 0, None, None)
    assert not claims.start(session, claim, MONDAY, USUAL), "it is not in hand any more"
    session.rollback()


def test_nothing_is_begun_while_the_outbox_is_paused(session: Session) -> None:
    session.execute(insert(OutboxMail), [row(Drawn(1, "a", None, MailState.WAITING, 0, -1, False))])
    [claim] = claims.claim(session, TOKEN, MONDAY, limit=1, times=USUAL)
    session.add(OutboxPause(id=1, at=MONDAY, backup_at=MONDAY))
    session.flush()
    assert not claims.start(session, claim, MONDAY, USUAL)
    session.rollback()
