"""The environment of children: what programs and libraries need to run, and nothing of what a user keeps secret there."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

_NAMES = frozenset(
    (
        "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TERM", "TMPDIR", "TEMP", "TMP",
        "LD_LIBRARY_PATH", "LD_PRELOAD", "VIRTUAL_ENV", "CONDA_PREFIX",
        # Windows does not start a program without these
        "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "USERPROFILE", "APPDATA", "LOCALAPPDATA",
        "PROGRAMDATA", "NUMBER_OF_PROCESSORS",
    )
)  # fmt: skip
_PREFIXES = (
    "LC_", "DYLD_", "XDG_", "PYTHON", "MALLOC_", "COVERAGE_", "PROCESSOR_",
    # how the libraries behind a model use processors and GPUs
    "OMP_", "GOMP_", "KMP_", "OPENBLAS_", "MKL_", "GGML_", "LLAMA_", "CUDA_", "NVIDIA_", "HIP_", "ROCR_", "ROCM_",
    "HSA_", "VK_", "ZE_", "SYCL_", "ONEAPI_",
    "IRLENS_",
)  # fmt: skip
_SECRETS = ("KEY", "TOKEN", "SECRET", "PASSWORD", "CREDENTIAL")
"""Within a name, whatever else it says."""
_OF_A_SERVER = (
    "IRLENS_MODEL_KEY", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR",
)  # fmt: skip

_PACKAGE_ROOT = str(Path(__file__).resolve().parents[2])


def plain(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """What a child may know of the environment; `environment` is this process's own where it is None."""
    given = os.environ if environment is None else environment
    return {name: value for name, value in given.items() if _harmless(name)}


def python(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """As `plain`, for a child that runs a module of this package, installed or not."""
    given = os.environ if environment is None else environment
    # A part that is empty or relative means where somebody stands, which may be a stranger's folder.
    paths = [_PACKAGE_ROOT, *filter(os.path.isabs, given.get("PYTHONPATH", "").split(os.pathsep))]
    return {**plain(given), "PYTHONPATH": os.pathsep.join(paths), "MALLOC_ARENA_MAX": "2"}


def of_a_server(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """What is added for the one child that asks a server: the key and the way there."""
    given = os.environ if environment is None else environment
    wanted = {*_OF_A_SERVER, *(name.lower() for name in _OF_A_SERVER)}
    return {name: value for name, value in given.items() if name in wanted}


def _harmless(name: str) -> bool:
    upper = name.upper() if sys.platform == "win32" else name
    if any(word in upper.upper() for word in _SECRETS):
        return False
    return upper in _NAMES or upper.startswith(_PREFIXES)
