"""Factories: the rows a test needs, with believable defaults, committed as they are made."""

from tests.factories.interviews import InterviewMaker
from tests.factories.organisation import MONDAY

__all__ = ["MONDAY", "World"]


class World(InterviewMaker):
    """Makes any row, each with what it needs of the others."""
