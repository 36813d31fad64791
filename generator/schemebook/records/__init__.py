"""Submission in, Record kept."""
