"""Listings of IDA, Ghidra and radare2 with bytes: the same program as objdump's listing of it.

Forms as these tools print them (IDA with 16 opcode bytes, Ghidra's listing as text, radare2's `pdf`).
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irlens.asm import listing
from irlens.asm.code_words import rip_field, x86_target
from irlens.asm.dialect import detect
from irlens.asm.outline import functions
from irlens.asm.readable import readable
from support.timing import within

OBJDUMP = r"""
000000000000113f <count>:
    113f:	0f b6 07             	movzx  eax,BYTE PTR [rdi]
    1142:	84 c0                	test   al,al
    1144:	74 23                	je     1169 <count+0x2a>
    1146:	ba 00 00 00 00       	mov    edx,0x0
    114b:	48 83 c7 01          	add    rdi,0x1
    114f:	3c 20                	cmp    al,0x20
    1151:	0f 94 c0             	sete   al
    1154:	0f b6 c0             	movzx  eax,al
    1157:	01 c2                	add    edx,eax
    1159:	0f b6 07             	movzx  eax,BYTE PTR [rdi]
    115c:	84 c0                	test   al,al
    115e:	75 eb                	jne    114b <count+0xc>
    1160:	01 15 b6 2e 00 00    	add    DWORD PTR [rip+0x2eb6],edx        # 401c <counter>
    1166:	89 d0                	mov    eax,edx
    1168:	c3                   	ret
    1169:	ba 00 00 00 00       	mov    edx,0x0
    116e:	eb f0                	jmp    1160 <count+0x21>

0000000000001170 <show>:
    1170:	85 ff                	test   edi,edi
    1172:	78 23                	js     1197 <show+0x27>
    1174:	53                   	push   rbx
    1175:	89 fb                	mov    ebx,edi
    1177:	89 fe                	mov    esi,edi
    1179:	48 8d 3d 84 0e 00 00 	lea    rdi,[rip+0xe84]        # 2004 <_IO_stdin_used+0x4>
    1180:	b8 00 00 00 00       	mov    eax,0x0
    1185:	e8 a6 fe ff ff       	call   1030 <printf@plt>
    118a:	8b 05 8c 2e 00 00    	mov    eax,DWORD PTR [rip+0x2e8c]        # 401c <counter>
    1190:	8d 04 40             	lea    eax,[rax+rax*2]
    1193:	01 d8                	add    eax,ebx
    1195:	5b                   	pop    rbx
    1196:	c3                   	ret
    1197:	b8 ff ff ff ff       	mov    eax,0xffffffff
    119c:	c3                   	ret
"""

IDA = r"""
.text:000000000000113F
.text:000000000000113F ; =============== S U B R O U T I N E =======================================
.text:000000000000113F
.text:000000000000113F                                         public count
.text:000000000000113F                                         count           proc near               ; CODE XREF: main+4↓p
.text:000000000000113F 0F B6 07                                movzx   eax, byte ptr [rdi]
.text:0000000000001142 84 C0                                   test    al, al
.text:0000000000001144 74 23                                   jz      short loc_1169
.text:0000000000001146 BA 00 00 00 00                          mov     edx, 0
.text:000000000000114B
.text:000000000000114B                                         loc_114B:                                ; CODE XREF: x
.text:000000000000114B 48 83 C7 01                             add     rdi, 1
.text:000000000000114F 3C 20                                   cmp     al, 20h
.text:0000000000001151 0F 94 C0                                sete    al
.text:0000000000001154 0F B6 C0                                movzx   eax, al
.text:0000000000001157 01 C2                                   add     edx, eax
.text:0000000000001159 0F B6 07                                movzx   eax, byte ptr [rdi]
.text:000000000000115C 84 C0                                   test    al, al
.text:000000000000115E 75 EB                                   jnz     short loc_114B
.text:0000000000001160
.text:0000000000001160                                         loc_1160:                                ; CODE XREF: x
.text:0000000000001160 01 15 B6 2E 00 00                       add     cs:counter, edx
.text:0000000000001166 89 D0                                   mov     eax, edx
.text:0000000000001168 C3                                      retn
.text:0000000000001169
.text:0000000000001169                                         loc_1169:                                ; CODE XREF: x
.text:0000000000001169 BA 00 00 00 00                          mov     edx, 0
.text:000000000000116E EB F0                                   jmp     short loc_1160
.text:000000000000116E                                         count           endp
.text:000000000000116E
.text:0000000000001170
.text:0000000000001170 ; =============== S U B R O U T I N E =======================================
.text:0000000000001170
.text:0000000000001170                                         public show
.text:0000000000001170                                         show            proc near               ; CODE XREF: main+4↓p
.text:0000000000001170 85 FF                                   test    edi, edi
.text:0000000000001172 78 23                                   js      short loc_1197
.text:0000000000001174 53                                      push    rbx
.text:0000000000001175 89 FB                                   mov     ebx, edi
.text:0000000000001177 89 FE                                   mov     esi, edi
.text:0000000000001179 48 8D 3D 84 0E 00 00                    lea     rdi, format             ; "%d\n"
.text:0000000000001180 B8 00 00 00 00                          mov     eax, 0
.text:0000000000001185 E8 A6 FE FF FF                          call    _printf
.text:000000000000118A 8B 05 8C 2E 00 00                       mov     eax, cs:counter
.text:0000000000001190 8D 04 40                                lea     eax, [rax+rax*2]
.text:0000000000001193 01 D8                                   add     eax, ebx
.text:0000000000001195 5B                                      pop     rbx
.text:0000000000001196 C3                                      retn
.text:0000000000001197
.text:0000000000001197                                         loc_1197:                                ; CODE XREF: x
.text:0000000000001197 B8 FF FF FF FF                          mov     eax, 0FFFFFFFFh
.text:000000000000119C C3                                      retn
.text:000000000000119C                                         show            endp
.text:000000000000119C
"""

GHIDRA = r"""
                             **************************************************************
                             *                          FUNCTION                          *
                             **************************************************************
                             int __stdcall count(int a)
             int               EAX:4          <RETURN>
             int               EDI:4          a
                             count                                           XREF[3]:     Entry Point(*), main:00101170(c),
                                                                               001020a8(*)
        0000113f 0f b6 07        MOVZX      EAX,byte ptr [RDI]
        00001142 84 c0           TEST       AL,AL
        00001144 74 23           JE         LAB_00001169
        00001146 ba 00 00 00     MOV        EDX,0x0
                 00
                             LAB_0000114b                                    XREF[1]:     00101158(j)
        0000114b 48 83 c7 01     ADD        RDI,0x1
        0000114f 3c 20           CMP        AL,0x20
        00001151 0f 94 c0        SETE       AL
        00001154 0f b6 c0        MOVZX      EAX,AL
        00001157 01 c2           ADD        EDX,EAX
        00001159 0f b6 07        MOVZX      EAX,byte ptr [RDI]
        0000115c 84 c0           TEST       AL,AL
        0000115e 75 eb           JNE        LAB_0000114b
                             LAB_00001160                                    XREF[1]:     00101158(j)
        00001160 01 15 b6 2e     ADD        dword ptr [counter],EDX            = ??
                 00 00
        00001166 89 d0           MOV        EAX,EDX
        00001168 c3              RET
                             LAB_00001169                                    XREF[1]:     00101158(j)
        00001169 ba 00 00 00     MOV        EDX,0x0
                 00
        0000116e eb f0           JMP        LAB_00001160

                             **************************************************************
                             *                          FUNCTION                          *
                             **************************************************************
                             int __stdcall show(int a)
             int               EAX:4          <RETURN>
             int               EDI:4          a
                             show                                            XREF[3]:     Entry Point(*), main:00101170(c),
                                                                               001020a8(*)
        00001170 85 ff           TEST       EDI,EDI
        00001172 78 23           JS         LAB_00001197
        00001174 53              PUSH       RBX
        00001175 89 fb           MOV        EBX,EDI
        00001177 89 fe           MOV        ESI,EDI
        00001179 48 8d 3d 84     LEA        RDI,[s_%d_00102004]
                 0e 00 00
        00001180 b8 00 00 00     MOV        EAX,0x0
                 00
        00001185 e8 a6 fe ff     CALL       <EXTERNAL>::printf                    int printf(char * __format, ...)
                 ff
        0000118a 8b 05 8c 2e     MOV        EAX,dword ptr [counter]            = ??
                 00 00
        00001190 8d 04 40        LEA        EAX,[RAX+RAX*2]
        00001193 01 d8           ADD        EAX,EBX
        00001195 5b              POP        RBX
        00001196 c3              RET
                             LAB_00001197                                    XREF[1]:     00101158(j)
        00001197 b8 ff ff ff     MOV        EAX,0xffffffff
                 ff
        0000119c c3              RET
"""

RADARE2 = r"""
            ; CALL XREF from main @ 0x1180(x)
┌ 49: int sym.count (int64_t arg1);
│           ; arg int64_t arg1 @ rdi
│           0x0000113f      0fb607         movzx eax, byte [rdi]
│           0x00001142      84c0           test al, al
│       ┌─< 0x00001144      7423           je 0x1169
│           0x00001146      ba00000000     mov edx, 0x0
│           0x0000114b      4883c701       add rdi, 0x1
│           0x0000114f      3c20           cmp al, 0x20
│           0x00001151      0f94c0         sete al
│           0x00001154      0fb6c0         movzx eax, al
│           0x00001157      01c2           add edx, eax
│           0x00001159      0fb607         movzx eax, byte [rdi]
│           0x0000115c      84c0           test al, al
│       ┌─< 0x0000115e      75eb           jne 0x114b
│           0x00001160      0115b62e0000   add dword [obj.counter], edx ; [0x401c:4]=0
│           0x00001166      89d0           mov eax, edx
│           0x00001168      c3             ret
│           0x00001169      ba00000000     mov edx, 0x0
└       ┌─< 0x0000116e      ebf0           jmp 0x1160

            ; CALL XREF from main @ 0x1180(x)
┌ 45: int dbg.show (int n);
│           ; arg int64_t arg1 @ rdi
│           0x00001170      85ff           test edi, edi
│       ┌─< 0x00001172      7823           js 0x1197
│           0x00001174      53             push rbx
│           0x00001175      89fb           mov ebx, edi
│           0x00001177      89fe           mov esi, edi
│           0x00001179      488d3d840e0000 lea rdi, [0x00002004]
│           0x00001180      b800000000     mov eax, 0x0
│           0x00001185      e8a6feffff     call sym.imp.printf           ; int printf(const char *format)
│           0x0000118a      8b058c2e0000   mov eax, dword [obj.counter] ; [0x401c:4]=0
│           0x00001190      8d0440         lea eax, [rax+rax*2]
│           0x00001193      01d8           add eax, ebx
│           0x00001195      5b             pop rbx
│           0x00001196      c3             ret
│           0x00001197      b8ffffffff     mov eax, 0xffffffff
└           0x0000119c      c3             ret
"""

TOOLS = {"IDA": IDA, "Ghidra": GHIDRA, "radare2": RADARE2}


def assembled(text: str) -> list[str]:
    """What an assembler gets, without the labels that stand for lines, and names of places under one."""
    lines = [re.sub(r"^(?:\\.text; |\\.L\\w+: )+", "", line) for line in readable(text).text.split("\n")]
    return [line.replace("_IO_stdin_used+4", "page_2000+4") for line in lines if ".byte" in line]


@pytest.mark.parametrize("tool", TOOLS)
def test_a_listing_says_what_objdump_does(tool: str) -> None:
    text = TOOLS[tool]
    assert [each.name for each in functions(text)] == ["count", "show"]
    bare = [re.sub(r".*?(\.byte)", r"\1", line, count=1) for line in assembled(text)]
    assert bare == [re.sub(r".*?(\.byte)", r"\1", line, count=1) for line in assembled(OBJDUMP)]
    assert sum("printf" in line for line in bare) == 1
    assert sum("counter" in line for line in bare) == 2
    found = detect(text)
    assert (found.target, found.triple) == ("x86_64", "x86_64-unknown-linux-gnu")
    assert not readable(text).refused


@pytest.mark.parametrize(
    ("tool", "whole", "cut"),
    [
        ("IDA", "48 8D 3D 84 0E 00 00", "48 8D 3D 84 0E 00+  "),
        ("Ghidra", "                 0e 00 00", ""),
        ("radare2", "488d3d840e0000", "488d3d840e00. "),
    ],
)
def test_bytes_that_a_tool_left_out_are_missed(tool: str, whole: str, cut: str) -> None:
    text = TOOLS[tool].replace(whole, cut)
    assert text != TOOLS[tool]
    refused = readable(text).refused
    assert list(refused) == ["show"]
    assert "with all bytes of each instruction" in refused["show"]


def test_bytes_of_an_instruction_may_go_on_in_the_next_line_in_ida() -> None:
    text = IDA.replace("48 8D 3D 84 0E 00 00", "48 8D 3D 84 0E+     ")
    line = next(line for line in text.split("\n") if "0E+" in line)
    text = text.replace(line, f"{line}\n.text:0000000000001179 00 00")
    assert [line for line in assembled(text) if "page_2000" in line] == [
        line for line in assembled(IDA) if "page_2000" in line
    ]


def test_ida_without_bytes_is_told_how_to_show_them() -> None:
    text = re.sub(r"(?m)^(\.text:[0-9A-F]{16} )[0-9A-F ]{24}", r"\1", IDA)
    found = listing.read(text)
    assert found is not None
    assert "Number of opcode bytes" in found.refused


def test_a64_of_ghidra_and_radare2() -> None:
    """`bl`, `cbz` and `adrp` lead where their bytes say."""
    ghidra = """
                             **************************************************************
                             *                          FUNCTION                          *
                             **************************************************************
                             undefined f()
                             f                                               XREF[1]:     Entry Point(*)
        00010790 fd 7b bf a9     stp        x29,x30,[sp, #-0x10]!
        00010794 40 00 00 b4     cbz        x0,LAB_0001079c
        00010798 9e ff ff 97     bl         <EXTERNAL>::puts
                             LAB_0001079c                                    XREF[1]:     00010794(j)
        0001079c 00 00 00 90     adrp       x0,0x10000
        000107a0 fd 7b c1 a8     ldp        x29=>local_10,x30,[sp], #0x10
        000107a4 c0 03 5f d6     ret
"""
    radare = """
┌ 24: sym.f (int64_t arg1);
│           0x00010790      fd7bbfa9       stp x29, x30, [sp, -0x10]!
│       ┌─< 0x00010794      400000b4       cbz x0, 0x1079c
│       │   0x00010798      9effff97       bl sym.imp.puts             ; int puts(const char *s)
│       └─> 0x0001079c      00000090       adrp x0, 0x10000
│           0x000107a0      fd7bc1a8       ldp x29, x30, [sp], 0x10
└           0x000107a4      c0035fd6       ret
"""
    for text in (ghidra, radare):
        assert detect(text).target == "aarch64"
        made = readable(text)
        assert not made.refused
        assert "bl puts" in made.text
        assert "adrp x0, page_10000" in made.text
        assert [each.name for each in functions(text)] == ["f"]


@pytest.mark.parametrize(
    ("code", "at"),
    [
        ("488d3d840e0000", 3), ("8b058c2e0000", 2), ("0fb6058c2e0000", 3), ("c5fb10058c2e0000", 4),
        ("62f17c48580df9ffffff", 6), ("c4e27918050000000a", 5), ("660f3a0f05000000000a", 5), ("c7050000000001000000", 2),
        ("8b45fc", None), ("e8a6feffff", None), ("0f8400000005", None), ("ff25c22f0000", 2), ("", None), ("48", None),
        ("c5f877", None), ("8d0476", None), ("0f0b", None), ("480fc8", None),
    ],
)  # fmt: skip
def test_where_an_instruction_has_a_distance_from_its_end(code: str, at: int | None) -> None:
    """As GNU objdump reads 1.1 million instructions of CPython and glibc, without a difference."""
    assert rip_field(bytes.fromhex(code)) == at


def test_where_jumps_lead() -> None:
    assert x86_target(bytes.fromhex("e8a6feffff"), 0x1185) == 0x1030
    assert x86_target(bytes.fromhex("f2e9a6feffff"), 0x1184) == 0x1030
    assert x86_target(bytes.fromhex("7423"), 0x1144) == 0x1169
    assert x86_target(bytes.fromhex("0f84a6feffff"), 0x1184) == 0x1030
    assert x86_target(bytes.fromhex("ffd0"), 0x1184) is None
    assert x86_target(b"", 0) is None


@pytest.mark.parametrize(
    "text",
    [
        "0x1000 aabb mov\n0x1002 ccdd add\n",
        "a diary: 12345678 90 days\n87654321 aa battery\n",
        ".text:00000000 55 push\n",
        "*** FUNCTION ***\n",
    ],
)
def test_what_only_looks_so_is_none(text: str) -> None:
    found = listing.read(text)
    assert found is None or not found.functions or found.refused or detect(text).target is None


@pytest.mark.parametrize(
    "text",
    [
        "00000000 00" + " " * 400_000 + "!\n",
        "0x00401000 90 nop\n0x00401001 90 nop\n1: " + "(" * 400_000 + "\n",
        "0x00401000 90 nop\n0x00401001 90 nop\n" + "1: f(" * 100_000 + "\n",
        ".text:0000000000401000 " + "55 " * 200_000 + "\n",
        "\n".join(f"        {n:08x} 55" + " " * 900 + "P" for n in range(400)),
        "0x00401000 " + "90" * 200_000 + " nop\n",
        "│" * 400_000 + "0x00401000 90 nop\n",
        "        00401000 55              PUSH       RBP\n" * 2 + ("                 90 " * 40 + "\n") * 3000,
    ],
    ids=range(8),
)
def test_no_text_takes_long(text: str) -> None:
    within(2, listing.read.__wrapped__, text)


@pytest.mark.parametrize("blank", [" ", "\t", "\u00a0", "\x0b", "\x0c", "\u2003", ""])
def test_blanks_of_every_kind_are_no_instructions(blank: str) -> None:
    for line in (
        "0x00401000 90 {}",
        "00401000 90 {}",
        ".text:00401000 90 {}",
        "1: {}() ;",
        "┌ 1: {}();",
        "(fcn) {} 3",
    ):
        for other in (
            "0x00401000 90 nop",
            "        00401000 90              NOP",
            ".text:0000000000401000 90   nop",
        ):
            text = f"{line.format(blank * 3)}\n{other}\n{other}\n{line.format(blank)}\n"
            listing.read(text)
            readable(text)
            detect(text)


@given(
    st.lists(
        st.sampled_from(
            [
                "0x00401000 90 nop",
                "┌ 1: f ();",
                "        00401000 90   NOP",
                ".text:00401000 90 nop",
                "55",
                "   90 90",
                "  * FUNCTION *",
                "      f   XREF[1]: x",
                "f proc near",
                "adrp x0, 1",
                "fd7bbfa9",
                "\x0c",
                "\x85",
            ]
        ),
        max_size=6,
    ),
    st.text(max_size=20),
)
def test_no_lines_are_an_error(lines: list[str], more: str) -> None:
    text = "\n".join([*lines, more, *(line + more for line in lines)])
    listing.read(text)
    readable(text)


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize("base", [0x140000000, 0x180000000])
def test_a_windows_program_is_not_read_as_one_of_linux(tool: str, base: int) -> None:
    """Functions are called differently there, and a verdict on one would be false."""
    found = listing.read(
        re.sub(
            r"(?<![0-9A-Fa-fx_])(0x|:)?0{4,12}11([3-9][0-9A-Fa-f])(?= )",
            lambda one: (
                f"{one[1] or ''}{base + int('11' + one[2], 16):016X}"
                if tool == "IDA"
                else f"{one[1] or ''}{base + int('11' + one[2], 16):09x}"
            ),
            TOOLS[tool],
        )
    )
    assert found is not None
    assert found.refused.startswith("This listing is of a Windows program")


def test_bytes_of_32_bit_code_are_no_distance_from_the_instruction() -> None:
    text = (
        "        0805036a 8b 15 00 d1 1f 08  MOV        EDX,dword ptr [target]\n"
        "        08050370 31 c0              XOR        EAX,EAX\n"
        "        08050372 c3                 RET\n"
    )
    [why] = readable(text).refused.values()
    assert "is not shown" in why
