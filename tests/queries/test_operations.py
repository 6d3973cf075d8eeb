"""The figures are read from indexes, however many mails were sent and deadlines met."""

import re

from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.explained import explained, send_thousands
from tests.factories import MONDAY
from tracker.queries import operations, outbox

ONE_ROW = re.compile(r"^BEGIN|FROM (heartbeat|outbox_pause)")
# Those that hold nothing but what is asked for may be read whole.
SMALL = r"USING (COVERING )?INDEX (ix_deadline_promise|ix_outbox_mail_unsent)"
LARGE = rf"SCAN (outbox_mail|deadline|nudge|reminder|loop)\b(?! {SMALL})"


def test_no_figure_reads_a_table_from_end_to_end(session: Session) -> None:
    send_thousands(session)
    statements: list[tuple[str, object]] = []
    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append((args[2], args[3])))
    with Session(engine) as other:
        operations.figures(other, MONDAY)
        outbox.sent_since(other, MONDAY)
    asked = [(each, given) for each, given in statements if not ONE_ROW.search(each)]
    assert len(asked) == 8
    for statement, given in asked:
        plan = explained(session, statement, given)
        assert "Seq Scan" not in plan, f"{statement}\n{plan}"
        assert not re.search(LARGE, plan), f"{statement}\n{plan}"
