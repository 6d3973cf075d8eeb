"""Reads: one function for each page or question; visibility is applied here, once."""
