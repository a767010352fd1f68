"""LLM Compiler's prompts byte for byte, and its replies in the forms that they really take.

The expected texts are typed out in full on purpose: one changed character degrades the model.
"""

from __future__ import annotations

import pytest

from irlens.errors import ModelUnavailable, ReplyUnreadable, UnusableInput
from irlens.model.prompts import family_for
from irlens.model.prompts.llm_compiler import (
    LlmCompilerFamily,
    read_assembly,
    read_lift,
    read_predict,
    read_tune,
)
from irlens.model.types import AssemblyReply, LiftReply, LiftSource, PredictReply, TuneReply

FTD = LlmCompilerFamily(fine_tuned=True)
PLAIN = LlmCompilerFamily(fine_tuned=False)
IR = "; ModuleID = '<stdin>'\ndefine i32 @f() {\n  ret i32 0\n}\n"
TRIPLE = "x86_64-unknown-linux-gnu"


def test_emulation_to_ir() -> None:
    prompt = PLAIN.predict(IR, "f", "module(default<Oz>)", 8, 65)
    assert prompt is not None
    assert prompt.text == (
        "[INST] Give the LLVM-IR for the following code when optimized using opt -p 'module(default<Oz>)':\n"
        "\n"
        "<code>; ModuleID = '<stdin>'\n"
        "define i32 @f() {\n"
        "  ret i32 0\n"
        "}\n"
        "</code>\n"
        "\n"
        "The input code has instruction count 8 and binary size 65 bytes. [/INST]"
    )
    assert prompt.stop == ("</code>",)


def test_emulation_to_assembly() -> None:
    prompt = PLAIN.emulate_assembly(IR.rstrip("\n"), "module(default<Oz>),module(iroutliner)", 8, 65)
    assert prompt.text == (
        "[INST] Give the assembly for the following code when optimized using opt -p "
        "'module(default<Oz>),module(iroutliner)':\n"
        "\n"
        "<code>; ModuleID = '<stdin>'\n"
        "define i32 @f() {\n"
        "  ret i32 0\n"
        "}\n"
        "</code>\n"
        "\n"
        "The input code has instruction count 8 and binary size 65 bytes. [/INST]"
    )


def test_flag_tuning_has_no_newline_before_the_closing_mark() -> None:
    prompt = FTD.tune(IR)
    assert prompt is not None
    assert prompt.text == (
        "[INST] Tell me how to optimize this LLVM-IR for object file size:\n"
        "\n"
        "<code>; ModuleID = '<stdin>'\n"
        "define i32 @f() {\n"
        "  ret i32 0\n"
        "}</code> [/INST]"
    )


def test_disassembly_is_given_the_one_function_as_the_model_saw_files() -> None:
    source = (
        '\t.text\n\t.file\t"stranger.c"\n'
        "\t.globl\tf\n\t.type\tf,@function\nf:\n\txorl\t%eax, %eax\n\tretq\n.Lfunc_end0:\n"
        "\t.size\tf, .Lfunc_end0-f\n"
        '\t.ident\t"clang version 19.1.7"\n'
        '\t.section\t".note.GNU-stack","",@progbits\n\t.addrsig\n'
    )
    prompt = FTD.lift(LiftSource(source, "f", TRIPLE))
    assert prompt is not None
    assert prompt.text == (
        "[INST] Disassemble this code to LLVM-IR:\n"
        "\n"
        "<code>\t.text\n"
        '\t.file\t"-"\n'
        "\t.globl\tf\n\t.type\tf,@function\nf:\n\txorl\t%eax, %eax\n\tretq\n.Lfunc_end0:\n"
        "\t.size\tf, .Lfunc_end0-f\n"
        '\t.section\t".note.GNU-stack","",@progbits\n\t.addrsig\n'
        "</code> [/INST]"
    )


def test_disassembly_leaves_the_other_functions_out() -> None:
    body = "\t.globl\t{0}\n\t.type\t{0},@function\n{0}:\n\tmovl\t${1}, %eax\n\tretq\n\t.size\t{0}, .-{0}\n"
    source = (
        "\t.text\n" + body.format("one", 1) + body.format("two", 2) + body.format("three", 3) + "\t.addrsig\n"
    )
    for text in (source, source.replace("\n", "\r\n")):
        prompt = FTD.lift(LiftSource(text, "two", TRIPLE))
        assert prompt is not None
        assert (
            prompt.text.partition("<code>")[2]
            == f"\t.text\n{body.format('two', 2)}\t.addrsig\n</code> [/INST]"
        )


def test_only_fine_tuned_weights_are_asked_to_tune_and_to_disassemble() -> None:
    assert PLAIN.tune(IR) is None
    assert PLAIN.lift(LiftSource("f:\n\tret\n", "f", TRIPLE)) is None
    assert FTD.predict(IR, "f", "module(default<O1>)", 1, 1) is not None


@pytest.mark.parametrize("passes", ["x'; rm", "a\nb"])
def test_a_pass_list_cannot_break_out_of_its_quotes(passes: str) -> None:
    with pytest.raises(UnusableInput):
        PLAIN.predict(IR, "f", passes, 1, 1)


def test_braces_in_code_are_only_code() -> None:
    prompt = FTD.tune("define {code} @f({0}) { ret void }")
    assert prompt is not None
    assert "define {code} @f({0}) { ret void }</code>" in prompt.text


EMULATED = "The LLVM-IR will have instruction count 2 and binary sise 53 bytes:\n\n<code>; M\nx\n</code>"


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (EMULATED, PredictReply(2, 53, "; M\nx\n")),
        ("  " + EMULATED, PredictReply(2, 53, "; M\nx\n")),
        ("\n\nAnd the" + EMULATED[3:], PredictReply(2, 53, "; M\nx\n")),
        (EMULATED.replace("sise", "size"), PredictReply(2, 53, "; M\nx\n")),
        (EMULATED + " and more <code>y</code>", PredictReply(2, 53, "; M\nx\n")),
        (EMULATED.removesuffix("</code>"), PredictReply(2, 53, "; M\nx\n", truncated=True)),
        (EMULATED.partition("\n")[0], PredictReply(2, 53, None)),
        ("<code>x</code>", PredictReply(None, None, "x\n")),
    ],
)
def test_emulation_replies(reply: str, expected: PredictReply) -> None:
    assert read_predict(reply) == expected


def test_assembly_replies() -> None:
    reply = (
        "The assembly will have instruction count 2 and binary sise 53 bytes:\n\n<code>\t.text\n\t.addrsig\n"
    )
    assert read_assembly(reply + "</code>") == AssemblyReply(2, 53, "\t.text\n\t.addrsig\n")
    assert read_assembly(reply).truncated


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("<code>; ModuleID\nx\n</code>", LiftReply("; ModuleID\nx\n")),
        ("  Sure:\n<code>\nx</code> bye", LiftReply("x\n")),
        ("<code>x\ny", LiftReply("x\ny\n", truncated=True)),
    ],
)
def test_disassembly_replies(reply: str, expected: LiftReply) -> None:
    assert read_lift(reply) == expected


TUNED = (
    "The code has object file size of 65 which can be reduced to 53 by running:\n\n"
    "`opt -p 'module(default<Oz>),function(dce)'`"
)


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (TUNED, TuneReply("module(default<Oz>),function(dce)", 65, 53)),
        ("  " + TUNED + "\n\nThis will produce code", TuneReply("module(default<Oz>),function(dce)", 65, 53)),
        (TUNED.partition("\n\n")[2], TuneReply("module(default<Oz>),function(dce)")),
        (
            "The code has object file size of 53 which cannot be reduced further",
            TuneReply(None, 53, 53),
        ),
        ("It cannot be reduced further", TuneReply(None)),
    ],
)
def test_tuning_replies(reply: str, expected: TuneReply) -> None:
    assert read_tune(reply) == expected


def test_generation_of_a_list_stops_at_its_second_backtick() -> None:
    prompt = FTD.tune(IR)
    assert prompt is not None
    reply = TUNED + "\n\nThis will produce code:\n\n<code>"
    ends = [reply.index(stop) + len(stop) for stop in prompt.stop if stop in reply]
    assert reply[: min(ends)] == TUNED


@pytest.mark.parametrize(
    ("read", "reply", "why"),
    [
        (read_lift, "I cannot do that", "no <code>"),
        (read_lift, "", "no <code>"),
        (read_predict, "The LLVM-IR will be fine", "neither counts nor <code>"),
        (read_tune, "by running:\n\n`opt -p 'module(default<Oz>),fun", "cut off"),
        (read_tune, "run some passes", "no pass list"),
    ],
)
def test_what_cannot_be_read_says_why(read: object, reply: str, why: str) -> None:
    assert callable(read)
    with pytest.raises(ReplyUnreadable, match=why):
        read(reply)


@pytest.mark.parametrize(
    ("metadata", "file_name", "lifts"),
    [
        ({"general.name": "llm-compiler-7b-ftd"}, "", True),
        ({"general.name": "Llm Compiler 13B Ftd"}, "", True),
        ({"general.name": "llm-compiler-7b"}, "", False),
        ({"general.name": "LLaMA v2"}, "llm-compiler-7b-ftd-Q4_K_M.gguf", True),
        ({"irlens.family": "llm-compiler"}, "any.gguf", False),
        ({"irlens.family": "llm-compiler-ftd"}, "any.gguf", True),
    ],
)
def test_the_family_is_chosen_from_the_metadata(
    metadata: dict[str, str], file_name: str, lifts: bool
) -> None:
    family = family_for(metadata, file_name)
    assert family.name == "llm-compiler"
    assert (family.tune(IR) is not None) is lifts


def test_a_model_nobody_knows_how_to_ask_is_refused() -> None:
    with pytest.raises(ModelUnavailable, match="CodeLlama"):
        family_for({"general.name": "CodeLlama 7B"}, "codellama.gguf")
    with pytest.raises(ModelUnavailable, match="made-up"):
        family_for({"irlens.family": "made-up"})


IN_CHATML = "<|im_start|>assistant\n"


@pytest.mark.parametrize(
    ("read", "reply"),
    [
        (read_lift, IN_CHATML + "[INST] Disassemble this code to LLVM-IR:\n\n<code>\tretq\n</code> [/INST]"),
        (read_lift, "<code>\tretq\n<|im_end|>\n<|im_start|>user\n"),
        (read_predict, IN_CHATML + "[INST] Give the LLVM-IR\n\n<code>; M\n</code>\n\nThe input code has"),
        (read_predict, IN_CHATML + "I am happy to help<|im_end|>"),
        (read_tune, IN_CHATML + "[INST] Tell me how to optimize this LLVM-IR<|im_end|>\n<|im_start|>user"),
    ],
)
def test_a_reply_out_of_a_chat_template_says_what_the_server_does_wrong(read: object, reply: str) -> None:
    assert callable(read)
    with pytest.raises(ReplyUnreadable, match=r"/v1/completions takes raw text"):
        read(reply)


def test_marks_of_a_chat_behind_a_whole_reply_do_no_harm() -> None:
    assert read_predict(EMULATED + "<|im_end|>\n<|im_start|>user") == PredictReply(2, 53, "; M\nx\n")
    assert read_tune(TUNED + "<|im_end|>") == TuneReply("module(default<Oz>),function(dce)", 65, 53)


@pytest.mark.parametrize(
    "reply",
    [
        f"The LLVM-IR will have instruction count {'9' * 5000} and binary sise 53 bytes:\n\n<code>x\n</code>",
        f"The LLVM-IR will have instruction count 2 and binary sise {'9' * 5000} bytes:\n\n<code>x\n</code>",
    ],
)
def test_counts_of_thousands_of_digits_are_none(reply: str) -> None:
    assert read_predict(reply) == PredictReply(None, None, "x\n")
