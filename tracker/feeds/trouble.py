"""The one way in which reading a calendar fails."""

from tracker.rules.busy_times import Trouble


class FeedTrouble(Exception):
    """A calendar could not be read. It says why and nothing of the address, which is a secret."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble
