"""Which processor code is made for where nothing says it. No LLVM here: both LLVM workers ask."""


def processor_of(triple: str) -> str:
    """What clang takes where no -march is given. LLVM's own default for x86-64 is tuned for an i586, which clears
    memory by eight bytes where clang does by sixteen. Functions that say `target-cpu` keep what they say."""
    return "x86-64" if triple.startswith("x86_64") else ""
