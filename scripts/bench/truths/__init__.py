"""Talks of which every word is known, and documents of them with errors."""
