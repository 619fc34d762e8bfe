"""Guided checks: reviewed decision graphs that lead a person from a few plain questions to a next step with its reason."""
