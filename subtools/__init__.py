"""Subtitles for long talks."""
