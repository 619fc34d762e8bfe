"""Benchmarks of Fahui: `./fahui bench NAME`. What each measures, and how to read it: docs/operations/performance.md."""
