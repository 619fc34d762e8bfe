"""One search over everything a reader may see: the law, answers, checks, services, offices, people, and for staff their cases."""
