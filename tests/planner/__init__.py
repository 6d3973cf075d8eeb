"""The planner against oracles that know nothing of it: brute force on tiny cases, relations that have to hold."""
