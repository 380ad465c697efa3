"""Measurements of the package against plainer ways to the same end."""
