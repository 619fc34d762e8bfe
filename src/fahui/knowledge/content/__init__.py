"""What the bureau's editors write: curated answers, reviewed by a second person before anybody reads them."""
