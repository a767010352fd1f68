"""Training the embedded model from scratch: straight-line stages, each a module with a `main`. See docs/training.md."""
