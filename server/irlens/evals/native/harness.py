"""The C program that runs an original and its lift side by side.

For each trial both get the same arguments, the same variables and the same memory behind their pointers, and external
functions answer both alike. What counts: the result, how it ends, what external functions are given, and what is left in
memory. Values are written down by their C type, so that padding and the unused part of a register say nothing.
"""

from __future__ import annotations

import re

from irlens.evals.native.corpus import SCALARS, Corpus, Function

BUFFER = 512
"""Bytes behind each pointer argument."""
_RUNTIME = r"""
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
typedef uint64_t Seed;
static uint64_t draw(Seed *s) {
    uint64_t z = (*s += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u; z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}
static double number(Seed *s) {
    static const double plain[] = {0, -0.0, 1, -1, 0.5, -2.25, 3, 100, 1e-3, -1e6, 65536.5, 7};
    uint64_t z = draw(s);
    if (z % 3) return plain[(z >> 8) % 12];
    return (double)(int32_t)(z >> 16) / 64;
}
static __int128 whole(Seed *s) {
    uint64_t z = draw(s);
    switch (z % 6) {
    case 0: case 1: return (__int128)((int64_t)(z >> 8 & 31) - 12);
    case 2: { static const int64_t edge[] = {127, 128, 255, 256, 32767, 65535, 2147483647, -2147483648L, 4294967295L, -129};
              return edge[(z >> 8) % 10]; }
    case 3: return (__int128)(int32_t)(z >> 20);
    default: return (__int128)draw(s) << 64 | draw(s);
    }
}
enum { MOST = 1 << 16, BUFFERS = 16, BUFFER = %(buffer)d };
static unsigned char logs[2][3][MOST];
static int lengths[2][3], side, part;
static void put(const void *p, int n) {
    int *at = &lengths[side][part];
    if (*at + n <= MOST) { memcpy(logs[side][part] + *at, p, n); *at += n; }
}
static unsigned char buffers[BUFFERS][BUFFER] __attribute__((aligned(64)));
static void put_text(const char *p) { put(p, (int)strnlen(p, 64)); }
static void put_address(const void *p) {
    uintptr_t a = (uintptr_t)p, b = (uintptr_t)buffers;
    uint64_t known = a >= b && a < b + sizeof buffers ? a - b + 1 : a == 0 ? 0 : (uint64_t)-1;
    put(&known, 8);
}
static void put_double(double v) { if (v != v) v = __builtin_nan(""); put(&v, 8); }
static void put_float(float v) { if (v != v) v = __builtin_nanf(""); put(&v, 4); }
static void put_long_double(long double v) { if (v != v) v = __builtin_nanl(""); put(&v, 10); }
static sigjmp_buf back;
static volatile sig_atomic_t inside;
static void caught(int number) { if (inside) siglongjmp(back, number); _exit(99); }
static Seed answers;
"""
_MAIN = r"""
static int run(void (*trial)(Seed), int number, Seed seed) {
    side = number;
    lengths[side][0] = lengths[side][1] = lengths[side][2] = 0;
    answers = seed * 3 + 1;
    set_memory(seed);
    part = 0;
    int ended = sigsetjmp(back, 1);
    if (!ended) {
        struct itimerval limit = {{0, 0}, {2, 0}};
        setitimer(ITIMER_REAL, &limit, 0);
        inside = 1;
        trial(seed);
    }
    inside = 0;
    struct itimerval none = {{0, 0}, {0, 0}};
    setitimer(ITIMER_REAL, &none, 0);
    part = 2;
    put_memory();
    return ended;
}
static int differ(int which) {
    return lengths[0][which] != lengths[1][which] || memcmp(logs[0][which], logs[1][which], lengths[0][which]);
}
int main(int count, char **words) {
    static char stack[1 << 16];
    stack_t other = {.ss_sp = stack, .ss_size = sizeof stack};
    sigaltstack(&other, 0);
    struct sigaction action = {.sa_handler = caught, .sa_flags = SA_ONSTACK | SA_NODEFER};
    static const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGALRM, SIGTRAP, SIGABRT};
    for (int i = 0; i < 7; i++) sigaction(signals[i], &action, 0);
    const char *name = words[1];
    int trials = atoi(words[2]), ran = 0;
    for (int i = 0; i < CASES; i++) {
        if (strcmp(cases[i].name, name)) continue;
        for (int t = 0; t < trials; t++) {
            Seed seed = (Seed)t * 7919 + 17;
            int first = run(cases[i].original, 0, seed);
            if (first) continue;
            ran++;
            int second = run(cases[i].lift, 1, seed);
            const char *what = second ? "how it ends" : differ(1) ? "the result" : differ(0) ? "a call"
                : differ(2) ? "memory" : 0;
            if (what) { printf("differs %d %s (trial %d, signal %d)\n", ran, what, t, second); return 0; }
        }
        printf("same %d\n", ran);
        return 0;
    }
    printf("no such function\n");
    return 1;
}
"""


def source(corpus: Corpus, functions: list[Function], prefix: str) -> str:
    """The program; the lift of `f` is called `prefix` + f. Called with a function's name and a number of trials it prints
    `same N` or `differs N WHAT`, where N trials ran in which the original came back."""
    writer = _Writer(corpus)
    for function in functions:
        writer.trial(function, function.name, "original")
        writer.trial(function, prefix + function.name, "lift")
    for name, (kind, length) in corpus.variables.items():
        writer.variable(name, kind, length)
    for function in corpus.external.values():
        writer.stub(
            function.name, function.returns, [one.type for one in function.parameters], function.is_variadic
        )
    cases = "".join(f'    {{"{f.name}", original_{f.name}, lift_{f.name}}},\n' for f in functions)
    memory = (
        "static void set_memory(Seed seed) {\n    Seed s = seed + 5; (void)s;\n"
        + "".join(f"    {line}\n" for line in writer.set_memory)
        + "    for (int i = 0; i < BUFFERS; i++) for (int j = 0; j < BUFFER; j++) buffers[i][j] = 0;\n}\n"
        "static void put_memory(void) {\n"
        + "".join(f"    {line}\n" for line in writer.put_memory)
        + "    put(buffers, sizeof buffers);\n}\n"
    )
    return "".join(
        (
            "#define _GNU_SOURCE\n#include <unistd.h>\n",
            corpus.prelude,
            _RUNTIME.replace("%(buffer)d", str(BUFFER)),
            *writer.helpers.values(),
            *writer.definitions,
            memory,
            *writer.trials,
            "static const struct { const char *name; void (*original)(Seed), (*lift)(Seed); } cases[] = {\n",
            cases,
            f"}};\nenum {{ CASES = {len(functions)} }};\n",
            _MAIN,
        )
    )


class _Writer:
    """Collects the C text; what fills and writes down each type is made once."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self.helpers: dict[str, str] = {}
        self.definitions: list[str] = []
        self.trials: list[str] = []
        self.set_memory: list[str] = []
        self.put_memory: list[str] = []
        self._callbacks = 0

    def fill(self, kind: str, place: str, seed: str) -> str:
        """Statement that gives the value at `place` (an lvalue) the next one from `seed` (a pointer)."""
        kind = kind.removeprefix("const ")
        if kind.endswith("*"):
            return f"{place} = (void *)buffers[BUFFERS - 1];"
        if kind in self._corpus.enums:
            return f"{place} = (int)(whole({seed}) & 3);"
        if kind in self._corpus.members:
            return " ".join(
                self.fill(one, f"{place}.{name}", seed) for one, name in self._corpus.members[kind]
            )
        if kind in self._corpus.vectors:
            element, count = self._corpus.vectors[kind]
            return " ".join(self.fill(element, f"{place}[{number}]", seed) for number in range(count))
        what = SCALARS[kind]
        if what == "bool":
            return f"{place} = whole({seed}) & 1;"
        if what == "complex":
            return f"__real__ {place} = number({seed}); __imag__ {place} = number({seed});"
        return f"{place} = ({kind}){'number' if what == 'float' else 'whole'}({seed});"

    def put(self, kind: str, place: str) -> str:
        """Statement that writes the value at `place` down."""
        if kind == "const char *":
            return f"put_text({place});"
        kind = kind.removeprefix("const ")
        if kind.endswith("*") or "(*" in kind:
            return f"put_address((const void *){place});"
        if kind in self._corpus.members:
            return " ".join(self.put(one, f"{place}.{name}") for one, name in self._corpus.members[kind])
        if kind in self._corpus.vectors:
            element, count = self._corpus.vectors[kind]
            return " ".join(self.put(element, f"{place}[{number}]") for number in range(count))
        what = SCALARS.get(kind, "int")
        if what == "float":
            return f"put_{kind.replace(' ', '_')}({place});"
        if what == "complex":
            part = kind.removesuffix(" _Complex")
            return f"put_{part}(__real__ {place}); put_{part}(__imag__ {place});"
        return f"{{ {kind} kept = {place}; put(&kept, sizeof kept); }}"

    def trial(self, function: Function, symbol: str, which: str) -> None:
        """A function that calls `symbol` once, with arguments from a seed."""
        lines = ["Seed s = seed; (void)s;"]
        given = []
        for number, one in enumerate(function.parameters):
            name = f"a{number}"
            given.append(name)
            if one.returns:
                lines.append(f"{_declared(one.type, name)} = {self._callback(one.returns, list(one.takes))};")
            elif one.type.endswith("*"):
                pointee = one.type.removeprefix("const ")[:-1].strip()
                lines.append(f"{one.type} {name} = (void *)buffers[{number}];")
                lines.append(self._fill_buffer(pointee, number))
            else:
                lines.append(f"{one.type} {name}; {self.fill(one.type, name, '&s')}")
        for number, kind in enumerate(function.variable):
            name = f"v{number}"
            given.append(name)
            lines.append(f"{kind} {name}; {self.fill(kind, name, '&s')}")
        call = f"{symbol}({', '.join(given)})"
        if function.has_result:
            lines.append(f"{function.returns} r = {call}; part = 1; {self.put(function.returns, 'r')}")
        else:
            lines.append(f"{call};")
        types = ", ".join(one.type for one in function.parameters) + (", ..." if function.is_variadic else "")
        head = f"{function.returns} {symbol}({types or 'void'});\n"
        body = "".join(f"    {line}\n" for line in lines)
        self.trials.append(f"{head}static void {which}_{function.name}(Seed seed) {{\n{body}}}\n")

    def _fill_buffer(self, pointee: str, number: int) -> str:
        if pointee in ("void", "char"):
            return f"for (int i = 0; i < 63; i++) buffers[{number}][i] = 'a' + draw(&s) % 26;"
        fill = self.fill(pointee, "p[i]", "&s")
        return f"{{ {pointee} *p = (void *)buffers[{number}]; for (int i = 0; i < (int)(BUFFER / sizeof *p); i++) {{ {fill} }} }}"

    def variable(self, name: str, kind: str, length: int) -> None:
        """A variable of the program, set before each run and written down after it."""
        places = [f"{name}[{number}]" for number in range(length)] if length else [name]
        self.definitions.append(f"{kind} {name}{f'[{length}]' if length else ''};\n")
        self.set_memory += [self.fill(kind, place, "&s") for place in places]
        self.put_memory += [self.put(kind, place) for place in places]

    def stub(self, name: str, returns: str, takes: list[str], is_variadic: bool, static: str = "") -> None:
        """An external function that writes down what it is given and answers from the seed."""
        parameters = ", ".join(f"{kind} a{number}" for number, kind in enumerate(takes))
        lines = [f"put_text({name!r});".replace("'", '"')]
        lines += [self.put(kind, f"a{number}") for number, kind in enumerate(takes)]
        if is_variadic:
            parameters += ", ..."
            lines.append(
                f"va_list v; va_start(v, a{len(takes) - 1}); for (const char *p = a{len(takes) - 1}; *p; p++) "
                "switch (*p) { case 'd': put_double(va_arg(v, double)); break; case 'i': { int x = va_arg(v, int); "
                "put(&x, 4); break; } case 'l': { long x = va_arg(v, long); put(&x, 8); break; } case 'e': "
                "put_long_double(va_arg(v, long double)); break; } va_end(v);"
            )
        if returns != "void":
            lines.append(
                f"{returns} r; memset(&r, 0, sizeof r); {self.fill(returns, 'r', '&answers')} return r;"
            )
        body = "".join(f"    {line}\n" for line in lines)
        # `part` is that of the calls for as long as the function under test runs.
        self.definitions.append(f"{static}{returns} {name}({parameters or 'void'}) {{\n{body}}}\n")

    def _callback(self, returns: str, takes: list[str]) -> str:
        self._callbacks += 1
        name = f"callback_{re.sub('[^a-z]+', '_', ' '.join([returns, *takes]).lower())}"
        if name not in self.helpers:
            self.helpers[name] = ""
            self.stub(name, returns, takes, is_variadic=False, static="static ")
        return name


def _declared(kind: str, name: str) -> str:
    return kind.replace("(*)", f"(*{name})")
