"""A mail server that behaves as badly as mail servers do, and writes down every mail that it took responsibility for.

A line for each: when (CLOCK_MONOTONIC, nanoseconds), the Message-ID, the SHA-256 of its bytes and the receiver.
"""

import asyncio
import hashlib
import os
import random
import re
import signal
import socket
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic_ns

ID = re.compile(rb"^Message-ID: *(<[^>]+>)", re.MULTILINE | re.IGNORECASE)
# Addresses beginning with this are refused for good.
GONE = "gone"


@dataclass
class Manners:
    """How often out of a thousand the server does what; ``late`` and ``too_late`` are seconds that its 250 takes."""

    turn_away: int = 4
    drop: int = 6
    not_now: int = 15
    lose_answer: int = 15
    delay_answer: int = 20
    late: float = 0.1
    too_late: float = 1.5
    chance: random.Random = field(default_factory=random.Random)

    def does(self, per_thousand: int) -> bool:
        return self.chance.randrange(1000) < per_thousand


def good_manners() -> Manners:
    """A server that takes everything at once."""
    return Manners(turn_away=0, drop=0, not_now=0, lose_answer=0, delay_answer=0)


class Dropped(Exception):
    """The server hangs up without a word."""


class Conversation:
    """One connection: the dialogue of RFC 5321, with the faults of the day."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, manners: Manners, journal: int
    ) -> None:
        self.reader, self.writer, self.manners, self.journal = reader, writer, manners, journal
        self.receiver = ""

    async def hold(self) -> None:
        try:
            if self.manners.does(self.manners.turn_away):
                await self.say("421 too busy")
                return
            await self.say("220 crash.example")
            while line := await self.reader.readline():
                if not await self.answer(line.decode("ascii", "replace").strip()):
                    return
        except (Dropped, ConnectionError, asyncio.IncompleteReadError):
            self.writer.transport.abort()
        finally:
            self.writer.close()

    async def answer(self, line: str) -> bool:
        """Answer one command; return whether the conversation goes on."""
        verb = line[:4].upper()
        if verb in ("MAIL", "RCPT", "DATA") and self.manners.does(self.manners.drop):
            raise Dropped
        if verb in ("MAIL", "RCPT", "DATA") and self.manners.does(self.manners.not_now):
            await self.say("451 not now")
        elif verb == "RCPT":
            self.receiver = line.partition("<")[2].partition(">")[0]
            await self.say("550 no such user" if self.receiver.startswith(GONE) else "250 ok")
        elif verb == "DATA":
            await self.say("354 go on")
            await self.take()
        else:
            await self.say("250 ok" if verb != "QUIT" else "221 bye")
        return verb != "QUIT"

    async def take(self) -> None:
        """Read a message and take it, or not; the answer may be late, or lost."""
        content = await self.reader.readuntil(b"\r\n.\r\n")
        manners = self.manners
        if manners.does(manners.drop):
            raise Dropped
        if manners.does(manners.not_now):
            await self.say("451 not now")
            return
        message = re.sub(rb"(?m)^\.", b"", content[:-3])
        found = ID.search(message)
        name = found.group(1).decode() if found else "<none>"
        line = f"{monotonic_ns()} {name} {hashlib.sha256(message).hexdigest()} {self.receiver}\n"
        os.write(self.journal, line.encode())
        if manners.does(manners.lose_answer):
            raise Dropped
        if manners.does(manners.delay_answer):
            await asyncio.sleep(manners.too_late if manners.does(150) else manners.late)
        await self.say("250 taken")

    async def say(self, words: str) -> None:
        self.writer.write(f"{words}\r\n".encode())
        await self.writer.drain()


def serve(listening: socket.socket, manners: Manners, journal: Path) -> None:
    """Serve until SIGTERM; SIGUSR1 teaches it good manners."""

    async def run() -> None:
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        current = [manners]
        loop.add_signal_handler(signal.SIGTERM, ended.set)
        loop.add_signal_handler(signal.SIGUSR1, lambda: current.__setitem__(0, good_manners()))
        descriptor = os.open(journal, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        async with await asyncio.start_server(
            lambda reader, writer: Conversation(reader, writer, current[0], descriptor).hold(),
            sock=listening,
            limit=2**24,
        ):
            await ended.wait()

    asyncio.run(run())
