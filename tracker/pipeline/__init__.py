"""Verbs in process order, the only writers. They flush, they never commit."""
