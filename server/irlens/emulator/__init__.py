"""Run two versions of a function in an emulator on the same inputs and compare what they do.

Start at `client.Emulator`. Order of the modules: `elf` (an object file as data), `layout` (both objects in one
address space), `abi` (where values are passed), `inputs` (what the function is given), `calls` (what calls do),
`machine` (the only one that runs anything, in the worker), `compare` (two runs), `search` (which inputs are
tried), `words` (a counterexample as text).
"""
