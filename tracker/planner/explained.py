"""Ways out in words that a coordinator can act on; never what anybody is busy with, which the planner does not know."""

from collections.abc import Callable, Iterator
from itertools import pairwise

from tracker.planner.case import Held, Loop, Minute
from tracker.planner.explaining import Favour, Way
from tracker.planner.grid import local_day, moment
from tracker.planner.knobs import Knob
from tracker.planner.spans import merged
from tracker.rules.words import listed, sentence
from tracker.rules.zones import day_words, zone_named

Names = Callable[[str], str]


def said(way: Way, before: Loop, name_of: Names = str) -> str:
    """Return one sentence for each thing to relax; ``before`` is the loop as it was asked, ``name_of`` names an id.

    Times are by the candidate's clocks, and say so.
    """
    return " ".join(_Words(way, before, name_of).of(knob) for knob in way.knobs)


class _Words:
    def __init__(self, way: Way, before: Loop, name_of: Names) -> None:
        self.way, self.before, self.name_of = way, before, name_of
        self.minutes = {each.id: each.minutes for each in before.interviews}
        self.held = sorted(way.planned.plan.interviews, key=lambda each: each.starts_at)

    def of(self, knob: Knob) -> str:
        favours = [each for each in self.way.favours if each.knob is knob]
        if favours:
            return f"{sentence(listed(list(dict.fromkeys(self._favour(each) for each in favours))))}."
        match knob:
            case Knob.TWO_DAYS:
                return f"Hold the loop on two days: {listed(list(dict.fromkeys(map(self._day, self.held))))}."
            case Knob.LUNCH:
                minutes = self.before.lunch.minutes if self.before.lunch else 0
                return f"Hold the interviews without {minutes} minutes for lunch."
            case Knob.CONSECUTIVE:
                return f"Let {self._longest_run()} interviews follow each other without a break."
            case Knob.GAP:
                return f"Let the candidate wait up to {max(self._gaps(), default=0)} minutes between two interviews."
            case Knob.WINDOWS | Knob.MORE_DAYS:
                return f"Ask the candidate for time on {listed(list(self._more_time()))} ({self._zone()})."
            case _:
                return self._rule(knob)

    def _rule(self, knob: Knob) -> str:
        screeners = sorted(self.name_of(each) for each in self.before.phone_screened_by)
        seated = {seat.interviewer for held in self.held for seat in held.assigned}
        again = [each for each in sorted(self.before.phone_screened_by) if each in seated]
        names = [self.name_of(each) for each in again] or screeners
        return {
            Knob.ORDER: "Hold the interviews in another order.",
            Knob.PHONE_SCREEN: f"Let {listed(names)}, who held the phone screen, interview again.",
            Knob.BAR_RAISER_TEAM: "Let the bar raiser be of the hiring team.",
            Knob.BAR_RAISER: "Hold the loop without a bar raiser.",
            Knob.CAPS: "Let people interview beyond their caps.",
            Knob.HOURS: "Let people interview outside their working hours.",
            Knob.BUSY: "Let people move what they are busy with.",
            Knob.QUALIFICATION: "Let people evaluate what they are not qualified for.",
        }[knob]

    def _favour(self, favour: Favour) -> str:
        name, when = self.name_of(favour.interviewer), self._time(favour.held)
        match favour.knob:
            case Knob.BUSY:
                return f"free {name} on {when}"
            case Knob.HOURS:
                return f"ask {name} to interview outside the usual hours, on {when}"
            case Knob.CAPS:
                return f"let {name} interview beyond the cap, on {when}"
            case _:
                named = listed([self.name_of(each) for each in favour.competencies])
                return f"let {name} evaluate {named} without being qualified for it, on {when}"

    def _zone(self) -> str:
        return self.before.zone.replace("_", " ")

    def _end(self, held: Held) -> Minute:
        return held.starts_at + self.minutes[held.interview]

    def _day(self, held: Held) -> str:
        return day_words(local_day(held.starts_at, self.before.zone))

    def _clock(self, minute: Minute) -> str:
        return f"{moment(minute).astimezone(zone_named(self.before.zone)):%H:%M}"

    def _time(self, held: Held) -> str:
        return f"{self._day(held)}, {self._clock(held.starts_at)}–{self._clock(self._end(held))} ({self._zone()})"

    def _more_time(self) -> Iterator[str]:
        """Yield the day's time of each day on which an interview lies outside of the candidate's windows."""
        windows = merged(self.before.windows).tolist()
        outside = {
            self._day(held)
            for held in self.held
            if not any(start <= held.starts_at and self._end(held) <= end for start, end in windows)
        }
        for day in outside and dict.fromkeys(self._day(held) for held in self.held):
            if day in outside:
                on = [held for held in self.held if self._day(held) == day]
                yield f"{day}, {self._clock(on[0].starts_at)}–{self._clock(max(map(self._end, on)))}"

    def _gaps(self) -> list[int]:
        return [
            later.starts_at - self._end(earlier)
            for earlier, later in pairwise(self.held)
            if self._day(earlier) == self._day(later)
        ]

    def _longest_run(self) -> str:
        longest = run = 1
        for earlier, later in pairwise(self.held):
            follows = later.starts_at - self._end(earlier) < self.before.breaks.minutes
            run = run + 1 if follows and self._day(earlier) == self._day(later) else 1
            longest = max(longest, run)
        return str(longest)
