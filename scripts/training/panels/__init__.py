"""Talks of several people with exact truth: who speaks when, what is said, what is written."""
