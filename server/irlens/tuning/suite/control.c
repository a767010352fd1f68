/* Control flow: switches, short circuits, jumps, recursion, state machines. `effect` is of another file. */
#include <stdint.h>

extern int effect(int);

int dense(int what, int x) {
    switch (what) {
    case 0: return (x & 0xffff) + 1;
    case 1: return (x >> 2) * 2;
    case 2: return x ^ 0x55;
    case 3: x = (x & 0xfff) - 7; /* fall through */
    case 4: return ~x & 0xffff;
    case 5: return x >> 3;
    case 6: return x | 1;
    case 7: return 99;
    default: return what;
    }
}

int sparse(uint32_t what) {
    switch (what) {
    case 1: case 17: case 4000: return 3;
    case 0x80000000u: return -1;
    case 65536: return 12;
    case 99999999: return 6;
    case 0xffffffffu: return 7;
    }
    return 0;
}

const char *name_of(unsigned day) {
    switch (day) {
    case 0: return "Mon";
    case 1: return "Tue";
    case 2: return "Wed";
    case 3: return "Thu";
    case 4: return "Fri";
    default: return "off";
    }
}

int letter(unsigned day, unsigned at) { return name_of(day)[at & 3]; }

int days_in(int month, int leap) {
    switch (month) {
    case 4: case 6: case 9: case 11: return 30;
    case 2: return leap ? 29 : 28;
    case 1: case 3: case 5: case 7: case 8: case 10: case 12: return 31;
    }
    return -1;
}

int short_circuit(int a, int b, int c) {
    int result = 0;
    if (a > 10 && effect(a) && b != c)
        result += 1;
    if (b < 0 || effect(b) > 100 || c == 7)
        result += 2;
    if (!(a == b) == (effect(c) < 0))
        result += 4;
    return result;
}

int in_order(int a) {
    int first = effect(a), second = effect(first ^ a);
    if (first == second)
        effect(0);
    return (effect(second & 255) & 0xffff) - (first & 0xffff);
}

int is_identifier(int c, int first) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (!first && c >= '0' && c <= '9');
}

int number_state(uint64_t text) {
    enum { START, SIGN, WHOLE, POINT, FRACTION, WRONG } state = START;
    for (int i = 0; i < 8; i++) {
        uint8_t c = (uint8_t)(text >> (8 * i));
        int digit = c >= '0' && c <= '9';
        if (c == 0)
            break;
        switch (state) {
        case START: state = c == '-' ? SIGN : digit ? WHOLE : WRONG; break;
        case SIGN: state = digit ? WHOLE : WRONG; break;
        case WHOLE: state = digit ? WHOLE : c == '.' ? POINT : WRONG; break;
        case POINT: state = digit ? FRACTION : WRONG; break;
        case FRACTION: state = digit ? FRACTION : WRONG; break;
        case WRONG: return WRONG;
        }
    }
    return state;
}

int with_jumps(int n) {
    int result = 0;
    n &= 15;
again:
    if (n == 0)
        goto done;
    if (n == 9)
        goto skip;
    result += n;
skip:
    n--;
    goto again;
done:
    return result;
}

static uint32_t sum_down(uint32_t n, uint32_t sum) { return n == 0 ? sum : sum_down(n - 1, sum * 3 + n); }

uint32_t tail_recursive(uint8_t n) { return sum_down(n & 31, 1); }

static int is_odd(uint32_t n);
static int is_even(uint32_t n) { return n == 0 ? 1 : is_odd(n - 1); }
static int is_odd(uint32_t n) { return n == 0 ? 0 : is_even(n - 1); }

int mutual(uint32_t n) { return is_even(n & 31) * 2 + is_odd(n >> 5 & 15); }

static uint32_t ackermann(uint32_t m, uint32_t n) {
    if (m == 0)
        return n + 1;
    return n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1));
}

uint32_t nested_recursion(uint32_t m, uint32_t n) { return ackermann(m % 3, n & 3); }

void unrolled_copy(uint8_t *to, const uint8_t *from, uint8_t count) {
    int n = count & 15, rounds = (n + 3) / 4;
    if (n == 0)
        return;
    switch (n % 4) {
    case 0: do { *to++ = *from++;
    case 3:      *to++ = *from++;
    case 2:      *to++ = *from++;
    case 1:      *to++ = *from++;
            } while (--rounds > 0);
    }
}
