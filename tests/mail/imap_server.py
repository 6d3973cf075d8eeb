"""A tiny mailbox for the tests: as much of IMAP (RFC 3501) as the worker speaks, over a real connection.

It can be told to refuse, to fall silent, to hang up and to drip; it notes what it was asked.
"""

import re
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from config import ReplyServer

USER, PASSWORD = "replies", "sesame"


@dataclass
class Box:
    """What is in the mailbox, by the numbers of the messages, and how the server behaves."""

    messages: dict[int, bytes] = field(default_factory=dict)
    flags: dict[int, set[str]] = field(default_factory=dict)
    validity: int = 7
    asked: list[str] = field(default_factory=list)
    # A word of a command: what the server does when it is asked that.
    hang_up: str = ""
    refuse: str = ""
    silent: str = ""
    garbage: str = ""
    drip: str = ""
    hides_sizes: bool = False
    port: int = 0

    def put(self, *messages: bytes) -> None:
        for message in messages:
            self.messages[max(self.messages, default=0) + 1] = message

    @property
    def settings(self) -> ReplyServer:
        return ReplyServer(host="127.0.0.1", port=self.port, user=USER, password=PASSWORD)


class _Talk(socketserver.StreamRequestHandler):
    server: "_Server"

    def handle(self) -> None:
        with suppress(OSError):
            self._say("* OK ready")
            while line := self.rfile.readline(10_000).decode().strip():
                if not self._answer(line):
                    return

    def _say(self, text: str, literal: bytes | None = None, after: str = "") -> None:
        data = text.encode()
        if literal is not None:
            data += b" {%d}\r\n" % len(literal) + literal + after.encode()
        self.wfile.write(data + b"\r\n")

    def _answer(self, line: str) -> bool:
        box = self.server.box
        tag, _, command = line.partition(" ")
        box.asked.append(re.sub(rf"{PASSWORD}", "***", command))
        words = command.upper()
        if box.silent and box.silent in words:
            time.sleep(30)
        if box.hang_up and box.hang_up in words:
            return False
        if box.drip and box.drip in words:
            for _ in range(200):
                self.wfile.write(b"*")
                time.sleep(0.1)
        if box.garbage and box.garbage in words:
            self._say("<html>418</html>")
            return True
        if box.refuse and box.refuse in words:
            self._say(f"{tag} NO not today")
            return True
        return self._obey(tag, words, command)

    def _obey(self, tag: str, words: str, command: str) -> bool:
        box = self.server.box
        if words.startswith("LOGIN"):
            right = command == f'LOGIN {USER} "{PASSWORD}"'
            self._say(f"{tag} OK welcome" if right else f"{tag} NO [AUTHENTICATIONFAILED] {command}")
            return True
        if words.startswith("CAPABILITY"):
            self._say("* CAPABILITY IMAP4rev1")
        elif words.startswith("SELECT"):
            self._say(f"* {len(box.messages)} EXISTS\r\n* OK [UIDVALIDITY {box.validity}] UIDs valid")
        elif words.startswith("UID SEARCH"):
            self._search(int(words.split()[-1].partition(":")[0]))
        elif words.startswith("UID FETCH"):
            self._fetch(int(words.split()[2]), words)
        elif words.startswith("UID STORE"):
            uid, flags = int(words.split()[2]), re.findall(r"\\\w+", command)
            box.flags.setdefault(uid, set()).update(flags)
        elif words.startswith("LOGOUT"):
            self._say(f"* BYE see you\r\n{tag} OK bye")
            return False
        self._say(f"{tag} OK done")
        return True

    def _search(self, first: int) -> None:
        # "n:*" has the last message in it, however large n is.
        uids = sorted(self.server.box.messages)
        found = [each for each in uids if each >= first] or uids[-1:]
        self._say("* SEARCH " + " ".join(map(str, found)))

    def _fetch(self, uid: int, words: str) -> None:
        message = self.server.box.messages.get(uid)
        if message is None:
            return
        if "RFC822.SIZE" in words:
            size = 1 if self.server.box.hides_sizes else len(message)
            self._say(f"* 1 FETCH (UID {uid} RFC822.SIZE {size})")
            return
        head = message.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        self._say(f"* 1 FETCH (UID {uid} BODY[]", head if "HEADER" in words else message, ")")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    box: Box


@contextmanager
def running() -> Iterator[Box]:
    """A mailbox at a port of this machine."""
    server = _Server(("127.0.0.1", 0), _Talk)
    server.box = Box(port=server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.box
    finally:
        server.shutdown()
        server.server_close()
