"""Inference engines, one module each. Only these and the model worker import an inference library."""
