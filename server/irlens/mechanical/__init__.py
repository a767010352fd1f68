"""A lifter without a model: machine code to P-code, P-code to LLVM IR."""
