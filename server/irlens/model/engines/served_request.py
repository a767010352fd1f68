"""The body of a completion request for each kind of server, and what its refusals mean. Pure.

Every sampling option that an administrator can set a default for is sent, because such defaults (a repetition penalty,
a least probability) would change a greedy reply. Stop strings are not sent to servers that would leave them out of the
text without saying which it was: the reply is watched for them here, and the connection closed.

Sources: the README of llama.cpp's tools/server, vLLM's entrypoints/openai/completion/protocol.py, llama-cpp-python's
server/types.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from irlens.model.engines.served_http import Answer, error_of
from irlens.model.types import GenerateOptions

GRAMMAR_TRIED = (0, 3, 36)
"""The llama-cpp-python from which on its server is sent grammars. It ends with SIGSEGV on one that it cannot read
(seen with 0.3.36), and takes everybody's replies with it; ours were tried on this one."""
_SEEDS = 1 << 31
_CONTEXT = re.compile(
    r"maximum context length is (\d+)|context window of (\d+)|maximum model length of (\d+)|"
    r"available context size \((\d+)"
)
_PROMPT = re.compile(
    r"\((\d+) in (?:your prompt|the messages|the prompt)|(?:contains|has) (?:at least )?(\d+) input tokens|"
    r"\(length (\d+)\) is longer|request \((\d+) tokens\)|Requested tokens \((\d+)\)"
)
_SAYS_SO = re.compile(
    r"exceed_context_size|context_length_exceeded|exceeds? the available context|maximum context length|"
    r"exceed context window|longer than the maximum model length|prompt is too long",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class TooLong:
    """A refusal of a request as too long, with the numbers that it told."""

    prompt_tokens: int | None
    context: int | None


def body_of(
    kind: str,
    version: str,
    model: str,
    prompt: str,
    options: GenerateOptions,
    most: int,
    grammar: str | None = None,
) -> dict[str, Any]:
    """What to send to `/v1/completions` for at most `most` tokens. `grammar` is a GBNF."""
    body: dict[str, Any] = {
        "model": model,
        "prompt": prompt,
        "max_tokens": most,
        "temperature": max(0.0, options.temperature),
        "top_p": options.top_p if options.temperature > 0 else 1.0,
        "frequency_penalty": 0.0,
        "presence_penalty": 0.0,
        "seed": options.seed % _SEEDS,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    top_k = max(0, options.top_k)
    if kind == "llama-server":
        body |= {
            "top_k": top_k,
            "min_p": 0.0,
            "repeat_penalty": 1.0,
            "mirostat": 0,
            "samplers": ["top_k", "top_p", "temperature"],
            "cache_prompt": True,
            "timings_per_token": True,
            "return_progress": True,
        }
        if grammar:
            body["grammar"] = grammar
    elif kind == "llama-cpp-python":
        body |= {"top_k": top_k, "min_p": 0.0, "repeat_penalty": 1.0}
        if grammar and _numbers(version) >= GRAMMAR_TRIED:
            body["grammar"] = grammar
    elif kind == "vLLM":
        body |= {"top_k": top_k or -1, "min_p": 0.0, "repetition_penalty": 1.0}
        body["stream_options"] = {"include_usage": True, "continuous_usage_stats": True}
        if options.stop:
            # Left in the text, it is seen by the same watch as everybody's.
            body |= {"stop": list(options.stop), "include_stop_str_in_output": True}
        if grammar and (0,) < _numbers(version) < (0, 10, 2):
            body["guided_grammar"] = grammar
        elif grammar:
            body["structured_outputs"] = {"grammar": grammar}
    elif options.temperature > 0:
        body["top_k"] = top_k or -1
    return body


def too_long(answer: Answer) -> TooLong | None:
    """The refusal in an answer that is one for its length, else None."""
    return None if answer.status < 400 else too_long_in(answer.data, answer.text)


def too_long_in(data: Any, text: str = "") -> TooLong | None:
    """The same for an error in the middle of a stream."""
    error = data.get("error", data) if isinstance(data, dict) else {}
    error = error if isinstance(error, dict) else {}
    message = error_of(data) or text
    if not _SAYS_SO.search(f"{error.get('type')} {error.get('code')} {message}"):
        return None
    prompt, context = error.get("n_prompt_tokens"), error.get("n_ctx")
    return TooLong(
        prompt if isinstance(prompt, int) else _number(_PROMPT, message),
        context if isinstance(context, int) else _number(_CONTEXT, message),
    )


def refuses_grammar(answer: Answer) -> bool:
    """Is it the grammar that the server does not take?"""
    if answer.status not in (400, 422, 500, 501):
        return False
    return bool(
        re.search(r"grammar|structured.output|guided", error_of(answer.data) or answer.text[:2000], re.I)
    )


def count_in(value: Any) -> int:
    """A count that a server told; 0 for what is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 31 else 0


def _number(pattern: re.Pattern[str], message: str) -> int | None:
    found = pattern.search(message)
    return int(next(group for group in found.groups() if group)[:9]) if found else None


def _numbers(version: str) -> tuple[int, ...]:
    """(0,) for a version that cannot be read."""
    found = re.match(r"(\d{1,6})\.(\d{1,6})(?:\.(\d{1,6}))?", version)
    return tuple(int(number or 0) for number in found.groups()) if found else (0,)
