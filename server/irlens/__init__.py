"""irlens: a language server for LLVM IR and assembly whose model's answers LLVM has checked."""

__version__ = "0.1.0"
