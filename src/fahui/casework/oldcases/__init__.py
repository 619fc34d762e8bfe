"""Cases of the years before, brought in from a table by the command line."""
