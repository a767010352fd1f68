/* Calls: many arguments, variable arguments, through pointers, in tail position, of functions that are alike. */
#include <stdarg.h>
#include <stdint.h>

extern int outside(int);
extern void report(const char *, long);

int64_t many(int a, uint8_t b, int64_t c, uint16_t d, int e, int8_t f, uint32_t g, int64_t h, int i, uint8_t j) {
    return a + 2 * (int64_t)b + (c >> 3 ^ d) + 3LL * e - f + 5LL * g + (h >> 3) + i * 7LL + j;
}

int64_t many_again(int a, int64_t b) { return many(a, (uint8_t)a, b, 7, a >> 2, (int8_t)b, 11, b, -1, (uint8_t)b); }

static int sum_of(int count, ...) {
    va_list rest;
    uint32_t sum = 0;
    va_start(rest, count);
    for (int i = 0; i < count; i++)
        sum = sum * 3 + (uint32_t)va_arg(rest, int);
    va_end(rest);
    return (int)sum;
}

int variable(int a, int b) { return sum_of(3, a, b, 5) ^ sum_of(8, a, 1, b, 2, a, 3, b, 4) ^ sum_of(0); }

static long mixed_sum(const char *kinds, ...) {
    va_list rest;
    uint64_t sum = 0;
    va_start(rest, kinds);
    for (; *kinds; kinds++)
        sum = sum * 5 + (*kinds == 'l' ? va_arg(rest, uint64_t) : (uint64_t)va_arg(rest, unsigned));
    va_end(rest);
    return (long)sum;
}

long variable_kinds(unsigned a, uint64_t b) { return mixed_sum("ilil", a, b, a + 1, b >> 7) - mixed_sum("l", b); }

static uint32_t each(const uint16_t *values, unsigned count, uint32_t (*with)(uint32_t, uint32_t), uint32_t start) {
    for (unsigned i = 0; i < count; i++)
        start = with(start, values[i]);
    return start;
}
static uint32_t adding(uint32_t sum, uint32_t value) { return sum + value; }
static uint32_t greatest(uint32_t sum, uint32_t value) { return value > sum ? value : sum; }
static uint32_t mixing(uint32_t sum, uint32_t value) { return sum * 33 ^ value; }

uint32_t folded(const uint16_t *values, uint8_t count, unsigned how) {
    return each(values, count & 7, how == 0 ? adding : how == 1 ? greatest : mixing, how & 255);
}

int in_tail(int x) {
    if (x & 1)
        return outside(x >> 1);
    report("even", x);
    return outside(x ^ 1);
}

static int unused_argument(int a, int b, int c) {
    (void)b;
    return a * 5 + (c & 3);
}

int calls_it(int x) { return unused_argument(x & 0xffff, outside(x), 2) - unused_argument(3, x, x); }

static void by_pointers(const int *in, int *low, int *high) {
    *low = *in & 0xff;
    *high = *in >> 8 & 0xff;
}

int promoted(int x) {
    int low, high, copy = x;
    by_pointers(&copy, &low, &high);
    return low * high + low;
}

int alike_one(const int *p, int n) {
    int sum = 0;
    for (int i = 0; i < (n & 7); i++)
        sum ^= (p[i] >> 1) + i;
    return sum;
}

int alike_two(const int *p, int n) {
    int sum = 0;
    for (int i = 0; i < (n & 7); i++)
        sum ^= (p[i] >> 1) + i;
    return sum;
}

int alike_but(const int *p, int n) {
    int sum = 0;
    for (int i = 0; i < (n & 7); i++)
        sum ^= (p[i] >> 1) - i;
    return sum;
}

static uint32_t tree(uint32_t depth, uint32_t seed) {
    if (depth == 0)
        return seed & 7;
    return tree(depth - 1, seed * 3) + 2 * tree(depth - 1, seed >> 1);
}

uint32_t recursive(uint32_t seed) { return tree(4, seed) - tree(seed & 3, 9); }

void out_parameters(int x, int *quotient, int *rest) {
    *quotient = x / 10;
    *rest = x % 10;
    if (*rest < 0)
        report("negative", *rest);
}

int repeated(int x) {
    unsigned sum = 0;
    for (int i = 0; i < (x & 3); i++)
        sum += (unsigned)outside(x) + (unsigned)outside(7);
    return (int)(sum + (unsigned)outside(7));
}
