"""Quads and queries: formats, the guard, the stores. Knows nothing of reports."""
