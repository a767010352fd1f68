/* Structures: fields read, written, counted. Part of the fixed set of `make eval`; see README.md beside it. */

#include <stddef.h>

struct buffer {
  char *data;
  size_t length;
  size_t capacity;
  int flags;
  short kind;
  unsigned char locked;
};

int buffer_flags(const struct buffer *b) { return b->flags; }

void buffer_set_flags(struct buffer *b, int flags) { b->flags = flags; }

size_t buffer_free(const struct buffer *b) { return b->capacity - b->length; }

int buffer_is_locked(const struct buffer *b) { return b->locked != 0; }

void buffer_clear(struct buffer *b) {
  b->length = 0;
  b->flags &= ~3;
}

char *buffer_end(const struct buffer *b) { return b->data + b->length; }

int buffer_kind(const struct buffer *b) { return b ? b->kind : -1; }

void buffer_grow(struct buffer *b, size_t n) {
  if (b->capacity < n)
    b->capacity = n;
}

char buffer_at(const struct buffer *b, size_t i) { return b->data[i]; }
