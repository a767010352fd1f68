"""Child processes for native libraries: the frames, the pool of warm workers, the loop inside a worker."""
