"""A process that reads GGUF headers for a fuzzer, under a limit of memory: paths in, one JSON line out for each.

It is a process of its own so that a header which takes all time or memory takes it here.
"""

from __future__ import annotations

import json
import resource
import sys
import time
import traceback

from irlens.errors import IrlensError
from irlens.model.gguf_header import read_header

_MOST_BYTES = 1 << 30


def main() -> None:
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_BYTES, hard))
    for line in sys.stdin:
        answer: dict[str, object] = {}
        started = time.process_time()
        try:
            header = read_header(json.loads(line))
            said = (
                header.architecture, header.name, header.context, header.parameters, header.quantisation,
                header.bytes_per_context_token, header.data_end,
            )  # fmt: skip
            answer["said"] = repr(said)[:200]
        except IrlensError as error:
            answer["refused"] = str(error)[:2000]
        except BaseException as error:
            frame = traceback.extract_tb(error.__traceback__)[-1]
            answer["escaped"] = f"{type(error).__name__} in {frame.name}"
            answer["detail"] = traceback.format_exc()[-2000:]
        answer["seconds"] = time.process_time() - started
        answer["kb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
