"""What a server is and has: its kind, its version, the model's name there, the context, and how it counts tokens.

All of it is asked for once, of what the servers themselves publish: `/v1/models` of every one, then llama-server's
`/props`, vLLM's `/version`, llama-cpp-python's description of its API. llama-cpp-python alone tells its context only
in the refusal of a prompt that is too long, so it is sent one, which it refuses before it evaluates anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote

from irlens.errors import ModelUnavailable
from irlens.model.engines.served_http import Answer, Wire
from irlens.model.engines.served_place import ServerOptions
from irlens.model.engines.served_request import count_in, too_long
from irlens.model.engines.served_watch import Watch

Kind = Literal["llama-server", "vLLM", "llama-cpp-python", "other"]
Counter = Literal["/tokenize", "/extras/tokenize/count"]

_OWNERS: dict[str, Kind] = {"llamacpp": "llama-server", "vllm": "vLLM"}
_NAMES_SHOWN = 10
_TOO_LONG = "\N{PARTY POPPER}" * 32_768
"""131,072 tokens of byte fallback in a vocabulary of Llama 2's kind, which both families have; llama.cpp takes 0.2 s
for counting them (measured, 2 cores)."""


@dataclass(frozen=True)
class Facts:
    """`model` is the name to ask for; `label` the server with its version, for the user. `counter` None means that
    the server does not count."""

    kind: Kind
    version: str
    label: str
    model: str
    context: int
    counter: Counter | None


async def find_facts(wire: Wire, options: ServerOptions, watch: Watch) -> Facts:
    """Ask for them. Raises `ModelUnavailable` where the server cannot be asked, or does not tell what must be known."""
    listed = await wire.ask(watch, "/v1/models")
    entry = _entry(wire, listed, options.model)
    kind = _kind_of(listed, entry)
    told: Any = entry.get("max_model_len") or _in(entry, "meta", "n_ctx")
    model = str(entry.get("id") or options.model)
    version = ""
    if kind in ("llama-server", "other"):
        # A llama-server that routes to several tells about itself unless it is asked for one.
        path = f"/props?model={quote(model, safe='', errors='replace')}" if _several(listed) else "/props"
        props = await _json(wire, watch, path, needed=kind == "llama-server")
        n_ctx = _in(props, "default_generation_settings", "n_ctx")
        if n_ctx:
            kind, told, version = "llama-server", n_ctx, str(_in(props, "build_info") or "").split("-")[0]
    if kind == "other":
        version = await _refuse_templates(wire, watch, model)
    if kind == "vLLM":
        version = str(_in(await _json(wire, watch, "/version"), "version") or "")
    counter = await _counter(wire, watch, model, kind)
    if counter == "/extras/tokenize/count":
        kind = "llama-cpp-python"
        described = await _json(wire, watch, "/openapi.json")
        if "llama.cpp" in str(_in(described, "info", "title")):
            version = str(_in(described, "info", "version") or "")
        if not options.context:
            told = await _context_by_refusal(wire, watch, model)
    label = {
        "other": "Ollama" if version else "a server",
        "llama-cpp-python": "llama-cpp-python's server",
    }.get(kind, kind)
    context = _context(wire, told, options.context)
    return Facts(kind, version, wire.clean(f"{label} {version}"), model, context, counter)


async def count_tokens(wire: Wire, watch: Watch, facts: Facts, text: str) -> int | None:
    """As the server counts them, the begin token included; None where it does not count."""
    if facts.counter is None:
        return None
    return await _count(wire, watch, facts.counter, facts.model, text)


async def _count(wire: Wire, watch: Watch, counter: Counter, model: str, text: str) -> int | None:
    if counter == "/tokenize":
        # llama-server reads "content" and "add_special", vLLM "prompt", "model" and "add_special_tokens".
        body = {
            "model": model,
            "content": text,
            "add_special": True,
            "prompt": text,
            "add_special_tokens": True,
        }
        answer = await wire.ask(watch, counter, body)
    else:
        answer = await wire.ask(watch, counter, {"model": model, "input": text})
    if answer.status == 401:
        raise wire.refused(answer)
    if answer.status != 200 or not isinstance(answer.data, dict):
        return None
    count, tokens = answer.data.get("count"), answer.data.get("tokens")
    if count_in(count):
        return count_in(count)
    return len(tokens) if isinstance(tokens, list) else None


async def _counter(wire: Wire, watch: Watch, model: str, kind: Kind) -> Counter | None:
    """The first that counts a word as some tokens, but not as more than its bytes and a begin token."""
    order: tuple[Counter, ...] = ("/tokenize", "/extras/tokenize/count")
    for counter in order if kind != "llama-cpp-python" else order[1:]:
        count = await _count(wire, watch, counter, model, "define")
        if count is not None and 1 <= count <= len("define") + 2:
            return counter
    return None


async def _refuse_templates(wire: Wire, watch: Watch, model: str) -> str:
    """Ollama's version, if it is one; "" else. It puts every prompt into the model's template, at `/v1/completions` too
    (https://github.com/ollama/ollama/issues/5544), so a model whose template is more than the prompt is refused."""
    version = _in(await _json(wire, watch, "/api/version"), "version")
    if not isinstance(version, str):
        return ""
    shown = await wire.ask(watch, "/api/show", {"model": model})
    template = _in(shown.data, "template")
    if template is None or "".join(str(template).split()) not in ("", "{{.Prompt}}"):
        raise ModelUnavailable(
            f"The Ollama at {wire.address.base} puts prompts into a template of its own for {wire.clean(model)}, which "
            "LLM Compiler cannot read. Make the model anew from a Modelfile with the line "
            "TEMPLATE {{ .Prompt }}, or use llama-server."
        )
    return version


async def _context_by_refusal(wire: Wire, watch: Watch, model: str) -> int | None:
    body = {"model": model, "prompt": _TOO_LONG, "max_tokens": 1, "temperature": 0.0}
    refusal = too_long(await wire.ask(watch, "/v1/completions", body))
    return refusal.context if refusal else None


async def _json(wire: Wire, watch: Watch, path: str, *, needed: bool = False) -> Any:
    """None where the server has no such thing. llama-server lists its models to everybody, so that a key that is
    missing or wrong is found out here."""
    answer = await wire.ask(watch, path)
    if needed and answer.status in (401, 403):
        raise wire.refused(answer)
    return answer.data if answer.status == 200 else None


def _entry(wire: Wire, answer: Answer, wanted: str | None) -> dict[str, Any]:
    """The model's entry in the list, or an empty one where there is no list and a name is given."""
    base = wire.address.base
    if answer.status != 200:
        if answer.status == 404 and wanted:
            return {}
        raise wire.refused(answer)
    listed = answer.data.get("data") if isinstance(answer.data, dict) else None
    if not isinstance(listed, list):
        raise ModelUnavailable(
            f"What {base} says at /v1/models is no list of models: {wire.clean(answer.text[:1000]) or 'nothing'}. "
            "Check the address: it must be that of llama-server, vLLM or another server with raw /v1/completions."
        )
    entries = [entry for entry in listed if isinstance(entry, dict) and isinstance(entry.get("id"), str)]
    names = [wire.clean(entry["id"]) for entry in entries]
    shown = ", ".join(names[:_NAMES_SHOWN]) + (", ..." if len(names) > _NAMES_SHOWN else "")
    if wanted:
        for entry in entries:
            aliases = entry.get("aliases")
            if entry["id"] == wanted or (isinstance(aliases, list) and wanted in aliases):
                return entry
        raise ModelUnavailable(
            f"{base} has no model {wanted}. It has: {shown or 'none'}. Write one of them behind its address, {base}#NAME."
        )
    if len(entries) == 1:
        return entries[0]
    if not entries:
        raise ModelUnavailable(f"{base} has no model loaded. Have one loaded there, and try again.")
    raise ModelUnavailable(
        f"{base} has several models: {shown}. Write one of them behind its address, {base}#NAME."
    )


def _several(answer: Answer) -> bool:
    listed = _in(answer.data, "data")
    return isinstance(listed, list) and len(listed) > 1


def _kind_of(answer: Answer, entry: dict[str, Any]) -> Kind:
    if answer.headers.get("server", "").lower().startswith("llama.cpp"):
        return "llama-server"
    return _OWNERS.get(str(entry.get("owned_by", "")), "other")


def _context(wire: Wire, told: Any, wanted: int | None) -> int:
    if count_in(told):
        return min(count_in(told), wanted) if wanted else count_in(told)
    if wanted:
        return wanted
    raise ModelUnavailable(
        f"{wire.address.base} does not tell how long its context is. Set irlens.model.context (--context) to the number "
        "of tokens that it was started with."
    )


def _in(data: Any, *keys: str) -> Any:
    for key in keys:
        if not isinstance(data, dict):
            return None
        data = data.get(key)
    return data
