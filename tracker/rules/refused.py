"""The one way in which a rule or a verb says no: an exception whose message says what to do."""


class Refused(Exception):
    """Something was asked that the process does not allow.

    ``message`` is a sentence for the person who asked; ``field`` names the form field it is about, if any.
    """

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class ReasonMissing(Refused):
    """What somebody is owed a reason for was to be done without one."""


def reason_given(reason: str, plea: str, field: str = "reason") -> str:
    """Return a reason without the blanks around it. Raises ReasonMissing with ``plea`` where there is none."""
    if not reason.strip():
        raise ReasonMissing(plea, field)
    return reason.strip()


class Stale(Refused):
    """The thing changed since the person looked at it. Nothing is overwritten."""

    def __init__(
        self,
        message: str = "Somebody was faster: this was changed since you opened it. Look again; nothing is overwritten.",
        field: str | None = None,
    ) -> None:
        super().__init__(message, field)
