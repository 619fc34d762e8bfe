"""Tables that somebody hands in and the worker brings into a register."""
