"""Trip wires in a sender's process: the points of the dialogue at which it is killed or frozen, and what it did there.

The code under test is not touched. The wires lie in what it stands on: smtplib, and the commits of the database driver.
What happens is written down at once, by a write that a killed process does not take back:

    <life> D <ns> <id>    DATA had been said by then, and the message follows
    <life> R <ns> <id> <code>   the server's answer to the whole message; "none" where none came
    <life> S <ns> <id>    after the answer 250 it was noted as sent, and that is committed
    <life> E <ns> <id>    the database refused what was to be noted after the answer 250
"""

import os
import re
import smtplib
import threading
from collections.abc import Callable
from time import monotonic_ns
from typing import TYPE_CHECKING

from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.pool import PoolProxiedConnection

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

POINTS = (
    "after a commit that takes mails in hand",
    "before MAIL",
    "after MAIL",
    "after RCPT",
    "before DATA",
    "after DATA, before the commit of the re-check",
    "after the commit of the re-check",
    "after 354",
    "in the middle of the message",
    "after the final dot",
    "after 250",
    "before the commit of sent",
    "after the commit of sent",
)
ID = re.compile(rb"^Message-ID: *(<[^>]+>)", re.MULTILINE | re.IGNORECASE)


class Wires:
    """The wires of one life. ``act`` is called when the point ``aim`` is reached for the ``nth`` time."""

    def __init__(self, life: int, journal: int, aim: str | None, nth: int, act: Callable[[], None]) -> None:
        self.life, self.journal, self.aim, self.left, self.act = life, journal, aim, nth, act
        # Where in the dialogue the process is, the mail that it is about, and when DATA had been said.
        self.at, self.mail, self.said_at = "idle", "", 0
        self.say_ready: Callable[[], object] = lambda: None
        # Ticks are threads: the commits of another one are no step of this dialogue.
        self.speaker = 0
        # Whether what is to be committed notes a mail as sent: a sender that gives up noting it commits other things.
        self.is_noting = False

    def reach(self, point: str) -> None:
        if point == self.aim:
            self.left -= 1
            if self.left == 0:
                self.act()

    def note(self, kind: str, moment: int, *more: str) -> None:
        os.write(self.journal, " ".join([str(self.life), kind, str(moment), self.mail, *more, "\n"]).encode())

    def lay(self, engine: Engine) -> None:
        """Lay the wires in this process."""
        self._lay_in_dialogue()
        self._lay_in_commits(engine)

    def _lay_in_dialogue(self) -> None:
        # The three are methods of smtplib's client, named and called as its own are.
        wires = self
        putcmd, getreply, send = smtplib.SMTP.putcmd, smtplib.SMTP.getreply, smtplib.SMTP.send

        def say(self: smtplib.SMTP, cmd: str, args: str = "") -> None:
            verb = cmd.split(" ")[0].upper()
            wires.speaker = threading.get_ident()
            if verb in ("MAIL", "DATA"):
                wires.reach(f"before {verb}")
            putcmd(self, cmd, args)
            if verb == "DATA":
                wires.said_at = monotonic_ns()
            wires.at = {"MAIL": "mail", "RCPT": "rcpt", "DATA": "data"}.get(verb, "idle")

        def hear(self: smtplib.SMTP) -> tuple[int, bytes]:
            try:
                code, words = getreply(self)
            except BaseException:
                if wires.at == "dot":
                    wires.note("R", monotonic_ns(), "none")
                wires.at = "idle"
                raise
            wires._heard(code)
            return code, words

        def hand(self: smtplib.SMTP, s: "ReadableBuffer | str") -> None:
            if not isinstance(s, bytes) or not s.endswith(b"\r\n.\r\n"):
                send(self, s)
                return
            found = ID.search(s)
            wires.mail = found.group(1).decode() if found else "<none>"
            wires.note("D", wires.said_at)
            send(self, s[: len(s) // 2])
            wires.reach("in the middle of the message")
            send(self, s[len(s) // 2 :])
            wires.at = "dot"
            wires.reach("after the final dot")

        smtplib.SMTP.putcmd = say  # type: ignore[method-assign]
        smtplib.SMTP.getreply = hear  # type: ignore[method-assign]
        smtplib.SMTP.send = hand  # type: ignore[method-assign]

    def _heard(self, code: int) -> None:
        if self.at == "mail":
            self.reach("after MAIL")
        elif self.at == "rcpt":
            self.reach("after RCPT")
        elif self.at in ("data", "begun") and code == 354:
            self.reach("after 354")
        elif self.at == "dot":
            self.note("R", monotonic_ns(), str(code))
            self.at = "taken" if code == 250 else "idle"
            if code == 250:
                self.reach("after 250")

    def _lay_in_commits(self, engine: Engine) -> None:
        commit = engine.dialect.do_commit

        def do_commit(dbapi_connection: PoolProxiedConnection) -> None:
            at = self.at if threading.get_ident() == self.speaker else "idle"
            if at == "data":
                self.reach("after DATA, before the commit of the re-check")
            elif at == "taken":
                self.reach("before the commit of sent")
            commit(dbapi_connection)
            self._committed(at)

        engine.dialect.do_commit = do_commit  # type: ignore[method-assign]

        @event.listens_for(engine, "after_cursor_execute")
        def executed(_connection: object, _cursor: object, statement: str, given: object, *_more: object) -> None:
            if statement.startswith("UPDATE outbox_mail"):
                self.is_noting = "'sent'" in repr(given)

        @event.listens_for(engine, "handle_error")
        def refused(_context: object) -> None:
            if self.at == "taken" and threading.get_ident() == self.speaker:
                self.note("E", monotonic_ns())

    def _committed(self, at: str) -> None:
        if at == "data":
            self.at = "begun"
            self.reach("after the commit of the re-check")
        elif at == "taken":
            self.at = "idle"
            if self.is_noting:
                self.note("S", monotonic_ns())
                self.reach("after the commit of sent")
        elif at == "idle":
            self.say_ready()
            self.say_ready = lambda: None
            self.reach("after a commit that takes mails in hand")
