"""Real programs whose functions are replaced by their lifts, and their own tests run. `run` is the evaluation."""
