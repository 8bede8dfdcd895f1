"""Meetings that clinicians may come along to: offered, found, asked for."""
