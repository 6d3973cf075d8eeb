"""What a kind of e-mail and its merge fields are, and the fields that many kinds share."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """One merge field: what it stands for, with an example.

    A ``fact`` cannot be edited away in one e-mail; without a ``needed`` field no words of the kind make sense.
    """

    name: str
    meaning: str
    example: str
    is_fact: bool = False
    is_needed: bool = False


@dataclass(frozen=True)
class Kind:
    """One kind of e-mail, the folder of its standard words; ``why`` stands at its foot and is never edited.

    ``to`` and ``sent`` say who gets it and when, ``fields`` what its words may have.
    """

    name: str
    label: str
    to: str
    sent: str
    fields: tuple[Field, ...]
    why: str

    @property
    def is_to_candidate(self) -> bool:
        """Whether a candidate gets it."""
        return self.to == CANDIDATES

    @property
    def names(self) -> frozenset[str]:
        """The names of its fields."""
        return frozenset(field.name for field in self.fields)

    @property
    def facts(self) -> frozenset[str]:
        """The names of those fields that are facts."""
        return frozenset(field.name for field in self.fields if field.is_fact)

    @property
    def samples(self) -> dict[str, str]:
        """A value for each field, as in an e-mail that could be."""
        return {field.name: field.example for field in self.fields}


CANDIDATES = "The candidate"

CANDIDATE = Field("candidate", "the candidate’s name", "Ada Lovelace")
REQUISITION = Field("requisition", "the title of the requisition", "Security Engineer")
ORGANISATION = Field("organisation", "the organisation’s name", "Example Works")
RECRUITER = Field("recruiter", "the recruiter’s name", "Rita Recruiter")
RECRUITER_EMAIL = Field("recruiter_email", "the recruiter’s e-mail address", "rita@example.org")
WHEN = Field("when", "day, time and zone", "Fri 27 Nov 2026, 10:00–11:00 (Europe/Berlin)", is_fact=True, is_needed=True)
WHEN_BEFORE = Field(
    "when_before", "when it was to be before", "Thu 26 Nov 2026, 14:00–15:00 (Europe/Berlin)", is_fact=True
)
PLACE = Field("place", "where it is held; empty if that is open", "https://meet.example/room", is_fact=True)
