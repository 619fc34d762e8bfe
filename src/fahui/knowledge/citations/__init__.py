"""Citations of law in Chinese text: read, resolved as of a day, linked, checked."""
