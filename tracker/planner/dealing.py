"""Deals the competencies that no assignment has fixed to the people who lead (H10): a small flow of units to leads.

Augmenting paths after Ford and Fulkerson, "Maximal flow through a network" (Canadian Journal of Mathematics 8, 1956);
where there is no path, the competencies that were reached are a cut: what is wanted of them is more than all bring.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Hand:
    """What one lead can be dealt (numbers of competencies), how many at most, and what he or she was dealt."""

    brings: Collection[int]
    spare: int
    dealt: set[int] = field(default_factory=set)


def deal(times: Sequence[int], hands: Sequence[Hand]) -> frozenset[int]:
    """Deal each competency so many times, each time to another hand, and evenly.

    Returns nothing when all were dealt; else competencies of which the hands cannot take as many as are wanted.
    """
    for competency, wanted in enumerate(times):
        for _ in range(wanted):
            reached: set[int] = set()
            if not _add(competency, hands, reached, set()):
                return frozenset(reached)
    return frozenset()


def _add(competency: int, hands: Sequence[Hand], reached: set[int], asked: set[int]) -> bool:
    """Give a competency to one more hand; a full hand passes another one on first."""
    reached.add(competency)
    for number in sorted(range(len(hands)), key=lambda each: (len(hands[each].dealt), each)):
        hand = hands[number]
        if number in asked or competency not in hand.brings or competency in hand.dealt or not hand.spare:
            continue
        asked.add(number)
        if len(hand.dealt) >= hand.spare:
            others = (each for each in sorted(hand.dealt) if each not in reached)
            passed = next((each for each in others if _add(each, hands, reached, asked)), None)
            if passed is None:
                continue
            hand.dealt.discard(passed)
        hand.dealt.add(competency)
        return True
    return False
