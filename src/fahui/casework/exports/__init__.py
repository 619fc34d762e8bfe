"""Lists that somebody asked for as files and the worker makes."""
