"""Run two versions of a function in an emulator on the same inputs and compare what they do.

Start at `client.Emulator`; the work is done by `ops` in a worker process. In order: `elf` (an object file as
data), `relocate` and `layout` (both objects in one address space), `abi` and `plan` (where values are passed),
`inputs`, `pool` and `hints` (what the function is given), `calls` (what called functions do), `machine` (runs
it; with `machine_registers` and `machine_steps` the only files that use unicorn), `trace` (what a run did),
`compare` (two runs), `steer` and `search` (which inputs are tried), `unread` (what the candidate leaves out),
`words` and `agreement` (the answer).
"""
