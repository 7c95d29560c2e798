"""Cleaning measured on documents of which every word is known."""
