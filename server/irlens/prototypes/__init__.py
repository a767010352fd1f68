"""C prototypes: what a function takes and gives, as a person, a file or its debug information says it."""
