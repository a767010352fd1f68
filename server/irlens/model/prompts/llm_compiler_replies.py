"""The replies of LLM Compiler as they may be written, for every way of holding a model to them.

The sentences are those of the listings in "Meta Large Language Model Compiler" (arXiv 2407.02524, appendix B); spaces
and line ends in front, "And the ..." and "sise" are in published replies. A pass list names passes that exist, in
containers that LLVM nests so; whether each stands where LLVM takes it is `ir.repair`'s to mend. IR is held line by
line: what begins a line must begin some line of IR, strings are closed, and the code ends at a line of the module, not
inside a function. What a line says further on is LLVM's to judge.
"""

from __future__ import annotations

from functools import cache

from irlens.ir.passes import registry
from irlens.model.reply_grammar import Grammar, Node, Ref, Repeat, alt, maybe, seq, some, words

_DEPTH = 5
"""Containers in containers. LLVM's own pipelines need no more."""
_FINER = {
    "module": ("module", "cgscc", "function", "loop", "loop-mssa"),
    "cgscc": ("cgscc", "function", "loop", "loop-mssa"),
    "function": ("function", "loop", "loop-mssa"),
    "loop": ("loop",),
    "loop-mssa": ("loop-mssa", "loop"),
}
"""The lists that may stand in a list of each level. A loop list stands in a module's too: that is mended."""
_SAME = {"loop": "loop-mssa"}
"""licm stands in loop lists of published pass lists; that is mended."""

_LEAD = 200
"""Characters before the code that no listing has."""
_OPCODES = (
    "ret br switch indirectbr invoke callbr resume catchswitch catchret cleanupret unreachable fneg add fadd sub fsub mul "
    "fmul udiv sdiv fdiv urem srem frem shl lshr ashr and or xor extractelement insertelement shufflevector extractvalue "
    "insertvalue alloca load store fence cmpxchg atomicrmw getelementptr trunc zext sext fptrunc fpext fptoui fptosi "
    "uitofp sitofp ptrtoint ptrtoaddr inttoptr bitcast addrspacecast icmp fcmp phi select freeze call tail musttail "
    "notail va_arg landingpad catchpad cleanuppad"
).split()
"""https://llvm.org/docs/LangRef.html#instruction-reference"""

_SPACE = Repeat(some(" \t\n"), 0, 8)
_NUMBER = Repeat(some("0-9"), 1, 12)


@cache
def grammar_of(task: str, passes: tuple[str, ...]) -> Grammar:
    """The grammar of one task's replies. `passes`: names that the installed LLVM has beside those of `ir.passes`."""
    the = alt("The", "the", "And the")
    code = seq("<code>", Ref("ir"), "</code>")
    if task == "tune":
        root = seq(_SPACE, the, " code has object file size of ", _NUMBER, " which ", Ref("result"), _SPACE)
        tail = maybe(_SPACE, "This will produce code:", _SPACE, code)
        result = alt(
            seq("can be reduced to ", _NUMBER, " by running:", _SPACE, "`opt -p '", Ref("list"), "'`", tail),
            seq("cannot be reduced", maybe(" any"), " further", maybe(".")),
        )
        return Grammar({"root": root, "result": result, **_pass_lists(passes), **_ir()})
    if task == "predict":
        counts = seq(
            " LLVM-IR will have instruction count ", _NUMBER, " and binary si", some("sz"), "e ", _NUMBER
        )
        return Grammar({"root": seq(_SPACE, the, counts, " bytes:", _SPACE, code, _SPACE), **_ir()})
    return Grammar({"root": seq(Repeat(some("<", but=True), 0, _LEAD), code, _SPACE), **_ir()})


def _pass_lists(more: tuple[str, ...]) -> dict[str, Node]:
    parameter = Repeat(some("A-Za-z0-9=._-"), 1, 60)
    rules: dict[str, Node] = {
        "list": _list("module", _DEPTH),
        "parameters": seq("<", parameter, Repeat(seq(";", parameter), 0, 30), ">"),
    }
    for level, finer in _FINER.items():
        kinds = {*finer, level, _SAME.get(level, level)}
        named: list[tuple[str, Node | None]] = [(name, None) for name in more]
        for name, info in registry().items():
            if info.llvm and kinds & set(info.kinds):
                named.append((name, maybe(Ref("parameters")) if info.params else None))
        rules[f"{level}-pass"] = words(named)
        for depth in range(_DEPTH):
            rules[f"{level}-list-{depth}"] = _list(level, depth)
    return rules


def _list(level: str, depth: int) -> Node:
    """A list in which there are at most `depth` containers in containers."""
    element: Node = Ref(f"{level}-pass")
    if depth:
        inner = {finer: seq(Ref(f"{finer}-list-{depth - 1}"), ")") for finer in _FINER[level]}
        openings: list[tuple[str, Node | None]] = [(f"{finer}(", inside) for finer, inside in inner.items()]
        if "function" in inner:
            openings.append(
                (
                    "function<",
                    seq(alt("eager-inv", "no-rerun", "eager-inv;no-rerun"), ">(", inner["function"]),
                )
            )
        if "cgscc" in inner:
            openings.append(("devirt<", seq(_NUMBER, ">(", inner["cgscc"])))
        element = alt(element, words(openings))
    return seq(element, Repeat(seq(",", element)))


def _ir() -> dict[str, Node]:
    blank = Repeat(some(" \t"), 0, 8)
    # Comments behind labels begin in column 50.
    indent = Repeat(some(" \t"), 0, 60)
    # No text may hold the mark that ends the code: what follows the last "<" of a run decides.
    in_string = Repeat(
        alt(
            some('"<\n', but=True),
            seq(Ref("less"), alt(some('<"/\n', but=True), seq("/", some('c"<\n', but=True)))),
        )
    )
    in_comment = Repeat(
        alt(
            some("<\n", but=True),
            seq(Ref("less"), alt(some("</\n", but=True), seq("/", some("c<\n", but=True)))),
        )
    )
    in_line = Repeat(alt(some('<";\n', but=True), seq(Ref("less"), some('</";\n', but=True)), Ref("string")))
    name = alt(Repeat(some("A-Za-z0-9$._-"), 1), Ref("string"))
    number = Repeat(some("0-9"), 1)
    rest = Ref("rest")
    comment = maybe(Ref("comment"))
    opcodes = words((opcode, maybe(some(" ,"), rest)) for opcode in _OPCODES)
    return {
        "ir": seq(
            Repeat(seq(blank, comment, "\n")),
            Ref("entity"),
            Repeat(seq("\n", alt(seq(blank, comment), Ref("entity")))),
        ),
        "entity": seq(
            blank,
            alt(
                seq("source_filename = ", rest),
                seq("target ", alt("datalayout", "triple"), " = ", rest),
                seq("module asm ", rest),
                seq("%", name, " = type ", rest),
                seq("@", name, " = ", rest),
                seq("$", name, " = comdat ", rest),
                seq("declare ", rest),
                seq("attributes #", number, " = {", rest),
                seq("!", Repeat(some("A-Za-z0-9$._\\-"), 1), " = ", rest),
                seq("uselistorder", rest),
                seq("^", number, " = ", rest),
                Ref("function"),
            ),
        ),
        "function": seq(
            "define ",
            in_line,
            "{",
            blank,
            comment,
            "\n",
            Repeat(seq(Ref("line"), "\n")),
            blank,
            "}",
            blank,
            comment,
        ),
        "line": alt(
            seq(indent, comment),
            seq(name, ":", indent, comment),
            seq(indent, maybe("%", name, " = "), opcodes),
            seq(indent, alt("to label ", "cleanup", "catch ", "filter ", "]", "uselistorder"), rest),
            seq(indent, "i", number, " ", rest),
            seq(indent, "#dbg_", Repeat(some("a-z"), 1), "(", rest),
        ),
        "rest": seq(in_line, comment),
        "string": seq('"', in_string, maybe(Ref("less"), maybe("/")), '"'),
        "comment": seq(";", in_comment, maybe(Ref("less"), maybe("/"))),
        "less": Repeat(alt("<"), 1),
    }
