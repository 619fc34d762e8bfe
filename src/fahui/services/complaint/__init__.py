"""Complaints about services and staff, reviews of bad ratings, and faults found on the site: handled by somebody else."""
