"""Shadowing brings hospital decision-makers beside the people who do the work, and follows what comes of it."""

__version__ = "0.1.0"
