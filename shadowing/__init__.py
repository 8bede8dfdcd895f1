"""Brings hospital decision-makers beside the people who do the work; follows what comes of it."""

__version__ = "0.1.0"
