"""Editions to a validated release: mapping, description, validation, build."""
