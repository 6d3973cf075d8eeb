"""Times two things in turn, so that a machine that slows down slows both."""

import gc
import statistics
import time
from collections.abc import Callable


def side_by_side(things: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Return the median seconds of each thing, run in turn ``rounds`` times after a warm-up of three."""
    spent: dict[str, list[float]] = {name: [] for name in things}
    gc.collect()
    gc.disable()
    try:
        for number in range(-3, rounds):
            for name, thing in things.items():
                start = time.perf_counter()
                thing()
                if number >= 0:
                    spent[name].append(time.perf_counter() - start)
    finally:
        gc.enable()
    return {name: statistics.median(values) for name, values in spent.items()}
