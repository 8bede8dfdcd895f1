"""Invitations by hosts: made, answered."""
