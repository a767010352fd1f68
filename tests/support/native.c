#include <stdarg.h>
#include <string.h>
typedef struct Pair { long m0; long m1; } Pair;
typedef struct Mixed { double m0; int m1; } Mixed;
typedef float quad __attribute__((vector_size(16)));
extern int count; extern double total[4];
int ask(int, double);

/* identity */
double same(double a0) {
    return a0;
}

/* narrow */
unsigned char low(unsigned short a0, int a1) {
    return (unsigned char)(a0 + a1);
}

/* call */
int asks(double a0, int a1) {
    return ask(a1 + 1, a0 * 2) + 1;
}

/* store */
void adds(int *a0, double a1) {
    a0[1] += a0[0];
    total[2] = a1;
    count++;
}

/* struct */
Pair both(long a0, long a1) {
    Pair r; r.m0 = a0 + a1; r.m1 = a0 - a1; return r;
}

/* variadic */
int sums(int a0, ...) {
    va_list v; va_start(v, a0); int s = a0;
    s += va_arg(v, int);
    s += va_arg(v, int);
    va_end(v); return s;
}
