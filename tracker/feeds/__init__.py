"""Calendars of other servers: fetched with care, and read in a process of its own that keeps nothing but times."""
