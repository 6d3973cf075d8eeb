"""The order in which staff read the interviews of one application, and what was written of them."""

from typing import Any

from tracker.models.interview import Interview

# Phone screens, then loops, each as they are or were held; those without a time last. Keys of Interview, to be followed
# by one that parts what hangs on one interview.
AS_HELD: tuple[Any, ...] = (Interview.kind.desc(), Interview.starts_at.nulls_last(), Interview.position)
