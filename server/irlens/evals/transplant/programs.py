"""Programs with tests of their own: where their sources come from, how they are built, how they are tested."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Program:
    """`package` is Debian's source package, `folder` a place in it; `build` and `test` are commands of a shell there, for
    which `$CC` is the compiler and `$CFLAGS` its level. A command that ends with another code than 0 has failed."""

    name: str
    package: str
    build: tuple[str, ...]
    test: tuple[str, ...]
    folder: str = "."
    left: tuple[str, ...] = ()


PROGRAMS = (
    Program(
        "bzip2",
        "bzip2",
        (
            "$CC $CFLAGS -Wall -D_FILE_OFFSET_BITS=64 -o bzip2 bzip2.c blocksort.c huffman.c crctable.c randtable.c "
            "compress.c decompress.c bzlib.c",
            "$CC $CFLAGS -Wall -D_FILE_OFFSET_BITS=64 -o bzip2recover bzip2recover.c",
        ),
        (
            # Its Makefile's `test`, which would link with a shared library.
            "for n in 1 2 3; do ./bzip2 -$n < sample$n.ref | cmp - sample$n.bz2 || exit 1; done",
            "for n in 1 2 3; do ./bzip2 -d < sample$n.bz2 | cmp - sample$n.ref || exit 1; done",
            "./bzip2 -ds < sample3.bz2 | cmp - sample3.ref",
            # All that it compresses comes back, by each level, and damaged files are refused.
            "cat *.c *.ref words* > all",
            "for level in 1 5 9; do ./bzip2 -$level < all | ./bzip2 -d | cmp - all || exit 1; done",
            "./bzip2 -t sample1.bz2 && ! (head -c 20000 sample1.bz2 | ./bzip2 -t)",
            "./bzip2 -c -s all | ./bzip2 -dcs | cmp - all",
            "./bzip2 -ck all > damaged.bz2 && ./bzip2recover damaged.bz2 && cat rec*damaged.bz2 | ./bzip2 -dc | cmp - all",
        ),
    ),
    Program(
        "lz4",
        "lz4",
        (
            # Debian's Makefiles link with a shared library.
            "$CC $CFLAGS -DXXH_NAMESPACE=LZ4_ -DLZ4IO_MULTITHREAD=0 -Ilib -o programs/lz4 programs/*.c lib/*.c",
            "for name in frametest fuzzer datagencli; do $CC $CFLAGS -DXXH_NAMESPACE=LZ4_ -Ilib -Iprograms -o tests/$name "
            "tests/$name.c lib/*.c programs/datagen.c || exit 1; done",
        ),
        (
            "tests/frametest -s7 -i60 && tests/fuzzer -s7 -i60",
            "tests/datagencli -g2000000 > all",
            "for level in 1 3 9 12; do programs/lz4 -$level -c all | programs/lz4 -dc | cmp - all || exit 1; done",
            "programs/lz4 -BD -B4 --content-size -c all | programs/lz4 -t && ! (head -c 9000 all | programs/lz4 -t)",
        ),
        left=("tests/*", "programs/datagen.c"),
    ),
    Program(
        "expat",
        "expat",
        (
            # What its configure would say of this system.
            "for name in HAVE_GETRANDOM HAVE_MEMMOVE HAVE_STDINT_H HAVE_UNISTD_H STDC_HEADERS XML_DEV_URANDOM XML_NS XML_DTD "
            'XML_GE; do echo "#define $name 1"; done > lib/expat_config.h',
            'printf "#define BYTEORDER 1234\\n#define XML_CONTEXT_BYTES 1024\\n" >> lib/expat_config.h',
            'printf "#define PACKAGE_STRING \\"expat\\"\\n" >> lib/expat_config.h',
            "$CC $CFLAGS -Ilib -o runtests tests/*.c lib/xmlparse.c lib/xmlrole.c lib/xmltok.c -lm",
        ),
        ("./runtests",),
        "expat",
        ("tests/*",),
    ),
    Program(
        "zlib",
        "zlib",
        ('CFLAGS="$CFLAGS" ./configure --static', 'make CC="$CC" CFLAGS="$CFLAGS" libz.a example minigzip'),
        (
            "./example",
            "cat *.c *.h > all && for level in 1 6 9; do ./minigzip -$level < all | ./minigzip -d | cmp - all || exit 1; done",
            "./minigzip < all | gzip -dc | cmp - all && gzip -c all | ./minigzip -d | cmp - all",
        ),
        left=("test/*",),
    ),
    Program(
        "libtommath",
        "libtommath",
        (
            'make -j2 CC="$CC" CFLAGS="$CFLAGS -I." libtommath.a',
            # The C library's has its file in /tmp, where nothing may be written here.
            'printf "#include <stdio.h>\\n#include <stdlib.h>\\n#include <unistd.h>\\n" > tmpfile.c',
            'echo \'FILE *tmpfile(void) { char name[] = "XXXXXX"; int f = mkstemp(name); '
            'unlink(name); return fdopen(f, "w+"); }\' '
            ">> tmpfile.c",
            "$CC $CFLAGS -I. -o tests demo/shared.c demo/test.c tmpfile.c libtommath.a",
        ),
        ("./tests",),
        left=("demo/*", "tmpfile.c"),
    ),
    Program(
        "json-c",
        "json-c",
        (
            'cmake -S . -B build -DCMAKE_C_COMPILER="$CC" -DCMAKE_C_FLAGS="$CFLAGS" -DBUILD_SHARED_LIBS=OFF -DBUILD_APPS=OFF '
            "-DDISABLE_WERROR=ON",
            "make -C build -j2",
        ),
        ("USE_VALGRIND=0 ctest --test-dir build --output-on-failure",),
        left=("tests/*",),
    ),
)
"""What Debian 12 has the sources of. Commands beside a program's own tests send data through it and back."""


def named(name: str) -> Program | None:
    return next((program for program in PROGRAMS if program.name == name), None)
