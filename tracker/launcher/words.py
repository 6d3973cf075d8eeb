"""How the launcher speaks to the person at the terminal."""

import sys


class Failed(Exception):
    """The start cannot go on; the message says what to do."""


def say(text: str) -> None:
    """Tell the person at the terminal, beside whatever the command prints."""
    print(text, file=sys.stderr, flush=True)
