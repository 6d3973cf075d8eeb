"""Times two things in turn, so that a machine that slows down slows both."""

import gc
import statistics
import time
from collections.abc import Callable


def side_by_side(
    things: dict[str, Callable[[], object]], rounds: int, *, clock: Callable[[], float] = time.perf_counter
) -> dict[str, float]:
    """Return the seconds of each thing, run in turn ``rounds`` times after a warm-up of three.

    The lower quartile: what other programs on the machine take away only ever adds. ``clock`` is ``time.process_time``
    where the processor's time of this process alone shall count: not that of the disk, nor of a database's server.
    """
    spent: dict[str, list[float]] = {name: [] for name in things}
    gc.collect()
    gc.disable()
    try:
        for number in range(-3, rounds):
            for name, thing in things.items():
                start = clock()
                thing()
                if number >= 0:
                    spent[name].append(clock() - start)
    finally:
        gc.enable()
    return {name: statistics.quantiles(values, n=4)[0] for name, values in spent.items()}
