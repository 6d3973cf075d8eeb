"""Ticks: take what is due, one item and one commit at a time."""
