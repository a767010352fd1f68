/* Calls and globals. Part of the fixed set of `make eval`; see README.md beside it. */

#include <stddef.h>

extern void *allocate(size_t bytes);
extern void release(void *p);
extern int report(const char *text, int code);
extern int handle_event(void *context, int event, long value);

static int errors;
int verbose;

void *allocate_words(size_t n) { return allocate(n * 8); }

void release_if(void *p) {
  if (p)
    release(p);
}

int fail(int code) { return report("failed", code); }

void count_error(void) { errors++; }

int error_count(void) { return errors; }

void set_verbose(int on) { verbose = on; }

int on_key(void *context, int key) { return handle_event(context, 3, key); }

int call_back(int (*f)(void *), void *p) { return f(p) + 1; }
