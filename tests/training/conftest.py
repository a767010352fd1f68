"""Training needs PyTorch. Without it these tests are skipped; with CI=true, where a skip would look like a pass, that is
an error."""

from __future__ import annotations

import importlib.util
import os

if os.environ.get("CI") == "true" and importlib.util.find_spec("torch") is None:
    raise RuntimeError("PyTorch is not installed: make .venv/installed-training")
