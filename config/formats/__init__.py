"""Dates, times and numbers as each language writes them, where Django's own way is not ours."""
