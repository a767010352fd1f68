"""The search for pass lists that make code small: what is searched, how, with which evaluations (docs/tuning-search.md)."""
