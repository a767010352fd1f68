"""What common functions of the C library take and give, and which never come back.

ISO C17 chapter 7 and POSIX.1-2017. `p` is a pointer, `i` 32 bits, `l` 64 bits (long, size_t, ssize_t), `d`
double, `f` float, `v` nothing; the first letter is the result, a dot at the end "and any number more".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from irlens.llvm.signatures import Signature as Passed
from irlens.targets import abi

NEVER_RETURN = frozenset(
    "abort exit _exit _Exit quick_exit longjmp _longjmp siglongjmp __assert_fail __assert __stack_chk_fail "
    "__assert_rtn __fortify_fail __chk_fail err errx verr verrx pthread_exit __cxa_throw __cxa_rethrow "
    "_Unwind_Resume __libc_fatal __longjmp_chk".split()
)

RETURN_TWICE = frozenset("setjmp _setjmp sigsetjmp __sigsetjmp vfork".split())
"""After these, what registers and slots hold is not what the code before them says."""

_TABLE = """
memcpy pppl; memmove pppl; memset ppil; memcmp ippl; memchr ppil; mempcpy pppl; memrchr ppil
strlen lp; strnlen lpl; strcmp ipp; strncmp ippl; strcpy ppp; strncpy pppl; strcat ppp; strncat pppl
strchr ppi; strrchr ppi; strstr ppp; strdup pp; strndup ppl; strcasecmp ipp; strncasecmp ippl; strspn lpp
strcspn lpp; strpbrk ppp; strtok ppp; strtok_r pppp; strerror pi; stpcpy ppp; strcoll ipp; strchrnul ppi
strsignal pi; strtol lppi; strtoul lppi; strtoll lppi; strtoull lppi; strtod dpp; strtof fpp; atoi ip; atol lp
atoll lp; atof dp; malloc pl; calloc pll; realloc ppl; reallocarray ppll; free vp; abort v; exit vi; _exit vi
atexit ip; getenv pp; setenv ippi; unsetenv ip; putenv ip; system ip; qsort vpllp; bsearch pppllp; abs ii
labs ll; rand i; srand vi; random l; printf ip.; fprintf ipp.; sprintf ipp.; snprintf iplp.; dprintf iip.
vprintf ipp; vfprintf ippp; vsprintf ippp; vsnprintf iplpp; scanf ip.; sscanf ipp.; fscanf ipp.
__printf_chk iip.; __fprintf_chk ipip.; __sprintf_chk ipilp.; __snprintf_chk iplilp.; asprintf ipp.
__isoc99_sscanf ipp.; __isoc99_fscanf ipp.; __isoc99_scanf ip.; puts ip; fputs ipp; putchar ii; fputc iip
putc iip; getc ip; fgetc ip; getchar i; ungetc iip; fgets ppip; fopen ppp; freopen pppp; fdopen pip
fclose ip; fread lpllp; fwrite lpllp; fflush ip; fseek ipli; fseeko ipli; ftell lp; ftello lp; rewind vp
feof ip; ferror ip; clearerr vp; fileno ip; perror vp; remove ip; rename ipp; tmpfile p; setvbuf ippil
setbuf vpp; open ipi.; openat iipi.; creat ipi; close ii; read lipl; write lipl; lseek lili; unlink ip; dup ii
dup2 iii; pipe ip; access ipi; stat ipp; fstat iip; lstat ipp; chmod ipi; fchmod iii; chown ipii; mkdir ipi
rmdir ip; opendir pp; readdir pp; closedir ip; isatty ii; fcntl iii.; ioctl iil.; getpid i; getuid i; geteuid i
getgid i; getegid i; fork i; execvp ipp; execv ipp; execve ippp; waitpid iipi; wait ip; kill iii; raise ii
signal pip; sigaction iipp; sigprocmask iipp; sigemptyset ip; sigaddset ipi; alarm ii; sleep ii; usleep ii
time lp; clock l; gettimeofday ipp; localtime pp; gmtime pp; mktime lp; strftime lplpp; ctime pp; difftime dll
isalpha ii; isdigit ii; isalnum ii; isspace ii; isupper ii; islower ii; isprint ii; ispunct ii; isxdigit ii
iscntrl ii; isgraph ii; toupper ii; tolower ii; __ctype_b_loc p; __ctype_tolower_loc p; __ctype_toupper_loc p
__errno_location p; __error p; setlocale pip; localeconv p; getopt iipp; getopt_long iipppp; setjmp ip
_setjmp ip; longjmp vpi; __sigsetjmp ipi; siglongjmp vpi; getcwd ppl; chdir ip; basename pp; dirname pp
realpath ppp; readlink lppl; symlink ipp; link ipp; utime ipp; utimes ipp; umask ii; getpagesize i
mmap ppliiil; munmap ipl; sysconf li; getline lppp; getdelim lppip; __assert_fail vppip; __stack_chk_fail v
sin dd; cos dd; tan dd; asin dd; acos dd; atan dd; atan2 ddd; sinh dd; cosh dd; tanh dd; exp dd; exp2 dd
log dd; log2 dd; log10 dd; pow ddd; sqrt dd; cbrt dd; fabs dd; floor dd; ceil dd; round dd; trunc dd; rint dd
fmod ddd; ldexp ddi; frexp ddp; modf ddp; hypot ddd; fmin ddd; fmax ddd; copysign ddd; lround ld; lrint ld
sinf ff; cosf ff; tanf ff; sqrtf ff; fabsf ff; floorf ff; ceilf ff; powf fff; expf ff; logf ff; fmodf fff
roundf ff; nearbyint dd; scalbn ddi; __isoc23_strtol lppi; __isoc23_strtoul lppi; __isoc23_strtoll lppi
__isoc23_strtoull lppi; __isoc23_sscanf ipp.; __memcpy_chk pppll; __memset_chk ppill; __strcpy_chk pppl
__strcat_chk pppl; __strncpy_chk pppll; __vsnprintf_chk iplilpp; __vfprintf_chk ipipp; fputs_unlocked ipp
putc_unlocked iip; getc_unlocked ip; fputc_unlocked iip; fwrite_unlocked lpllp; fread_unlocked lpllp
err vip.; errx vip.; warn vp.; warnx vp.; syslog vip.; syscall ll.; error viip.
"""


@dataclass(frozen=True)
class Prototype:
    """Letters as above; `result` may also be `c` or `h`, of which only 8 or 16 bits count, and `more` is the letter of what
    a second register gives back, if one does."""

    result: str
    arguments: str
    variadic: bool
    more: str = ""
    declared: bool = False
    """Whether somebody said it of this very function; else it follows from its name."""

    @property
    def results(self) -> str:
        return "" if self.result == "v" else self.result + self.more


def _read() -> dict[str, Prototype]:
    found = {}
    for entry in _TABLE.replace("\n", ";").split(";"):
        if entry.strip():
            name, letters = entry.split()
            found[name] = Prototype(letters[0], letters[1:].rstrip("."), letters.endswith("."))
    return found


PROTOTYPES = _read()


def of_signatures(signatures: Mapping[str, Passed], *, arm: bool, packed: bool) -> dict[str, Prototype]:
    """Those that letters can say: values in registers, and single ones on the stack."""
    found = {}
    for name, signature in signatures.items():
        prototype = _of_signature(signature, arm=arm, packed=packed)
        if prototype is not None:
            found[name] = prototype
    return found


def _of_signature(signature: Passed, *, arm: bool, packed: bool) -> Prototype | None:
    parameters, hidden = "", False
    places = abi.arguments(arm, signature.parameters, packed=packed)
    for number, value in enumerate(signature.parameters):
        hidden |= "sret" in value.attributes
        its = [place for place in places if place.parameter == number]
        split = len(value.scalars) > 1 or len(its) != 1
        if "byval" in value.attributes or its[0].kind == "sret" or (split and its[0].kind == "stack"):
            return None
        if packed and its[0].kind == "stack":
            return None
        letters = [_letter(place.scalar) for place in its]
        if not all(letters):
            return None
        parameters += "".join(letters)
    if _places(parameters, arm) != [
        (place.kind, place.index // 8 if place.kind == "stack" else place.index) for place in places
    ]:
        return None  # a structure that does not fit, or a number that begins at an even register
    if hidden:
        return Prototype("p", parameters, signature.varargs, declared=True)
    given = abi.results(arm, signature.returns)
    if len(given) > 2 or any(place.kind not in ("int", "vec") for place in given):
        return None
    letters = [_letter(place.scalar, as_result=True) for place in given]
    if not all(letters):
        return None
    first, more = (letters or ["v"])[0], "".join(letters[1:])
    return Prototype(first, parameters, signature.varargs, more, declared=True)


def _letter(scalar: str, *, as_result: bool = False) -> str:
    """Empty for what no letter says."""
    known = {"ptr": "p", "float": "f", "double": "d", "<2 x float>": "d"}.get(scalar)
    if known is not None:
        return known
    if not scalar.startswith("i"):
        return ""
    bits = abi.bits_of(scalar)
    if as_result and bits in (8, 16):
        return "c" if bits == 8 else "h"
    return "i" if bits <= 32 else "l" if bits <= 64 else ""


def _places(letters: str, arm: bool) -> list[tuple[str, int]]:
    """Where single values are passed, by kind and number."""
    integers, vectors, words = iter(range(8 if arm else 6)), iter(range(8)), 0
    found = []
    for letter in letters:
        kind = "vec" if letter in "df" else "int"
        number = next(vectors if kind == "vec" else integers, None)
        if number is None:
            kind, number = "stack", words
            words += 1
        found.append((kind, number))
    return found
