"""Object files and programs as plain data and as assembly. Bytes in, data out; guarded against damaged files."""
