"""Consultation and the 12348 hotline: one question, whatever the channel, answered, handed on, or told the right door."""
