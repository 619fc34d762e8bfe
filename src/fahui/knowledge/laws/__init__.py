"""Works of law, their versions with dates, their articles, and the readers of every source they come from."""
