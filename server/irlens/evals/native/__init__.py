"""Verdicts beside native runs: lifts that are called right are compiled and run beside the original, through the true C
prototype, which neither the lifter nor the emulator has seen. `run` is the evaluation."""
