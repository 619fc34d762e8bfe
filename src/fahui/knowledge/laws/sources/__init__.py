"""Readers: each makes the same plain law (`laws.texts.PlainLaw`) of one kind of source."""
