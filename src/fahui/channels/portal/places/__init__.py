"""The directory and map: where help is, who gives it, when the door is open."""
