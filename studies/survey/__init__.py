"""Surveys of many machines: which of them halt, and whether their three forms agree."""
