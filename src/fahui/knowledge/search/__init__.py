"""Finding the articles that govern a question asked in everyday words. See docs/explanation/search.md."""
