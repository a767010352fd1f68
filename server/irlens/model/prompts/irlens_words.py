"""Words of the embedded model's questions and answers that are not IR."""

from __future__ import annotations

ARROW = "=>"
COUNTS = "="
"""Stands between the IR of a prediction and its counts."""
END = ";"
"""The last word of an answer; the model's end token follows it."""
TUNE_LISTS = (
    "default<Oz>",
    "function(sroa,newgvn,sink)",
    "function(sroa,instcombine,tailcallelim)",
    "default<Os>",
    "function(sroa,simplifycfg)",
    "default<O1>",
    "function(sroa,tailcallelim)",
    "function(sroa,instcombine,newgvn,simplifycfg),default<Oz>",
    "default<Oz>,function(break-crit-edges)",
)
"""What `tune` was trained to choose from: of equals the first, so -Oz where no other is better. Those of some eighty
lists that llvmlite can run that together made the most real functions smaller than -Oz does."""
