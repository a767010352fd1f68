"""The second wall around children that read a stranger's file: what such a process may still do when its code is taken
over. Linux only; elsewhere the limits of time and memory hold, and `irlens doctor` says so."""
