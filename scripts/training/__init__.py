"""Trains the phone classifier that ships with subtools; ``python -m scripts.training --help``."""
