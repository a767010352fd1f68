/* Loops over arrays: nested, early exits, carried values, both directions. Each fills its own arrays from a seed. */
#include <stdint.h>

static uint32_t next(uint32_t *state) {
    *state = *state * 1664525u + 1013904223u;
    return *state >> 16;
}

uint32_t multiply_matrices(uint32_t seed) {
    uint32_t a[4][4], b[4][4], c[4][4], sum = 0;
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++) {
            a[i][j] = next(&seed) & 15;
            b[j][i] = next(&seed) & 15;
        }
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++) {
            c[i][j] = 0;
            for (int k = 0; k < 4; k++)
                c[i][j] += a[i][k] * b[k][j];
        }
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++)
            sum = sum * 31 + c[i][j];
    return sum;
}

uint32_t sort(uint32_t seed, uint8_t wanted) {
    int values[12], count = wanted % 13;
    uint32_t sum = 0;
    for (int i = 0; i < count; i++)
        values[i] = (int)next(&seed) - 30000;
    for (int i = 1; i < count; i++) {
        int moved = values[i], j = i;
        for (; j > 0 && values[j - 1] > moved; j--)
            values[j] = values[j - 1];
        values[j] = moved;
    }
    for (int i = 0; i < count; i++)
        sum = sum * 17 + (uint32_t)values[i];
    return sum;
}

int sieve(uint8_t limit) {
    uint8_t crossed[64] = {0};
    int primes = 0, top = limit & 63;
    for (int i = 2; i < top; i++) {
        if (crossed[i])
            continue;
        primes++;
        for (int j = i * i; j < top; j += i)
            crossed[j] = 1;
    }
    return primes;
}

int search_sorted(const int16_t *sorted, uint8_t count, int16_t wanted) {
    int low = 0, high = count & 31;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (sorted[middle] == wanted)
            return middle;
        if (sorted[middle] < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    return -low - 1;
}

uint32_t histogram(const uint8_t *bytes, uint8_t count) {
    uint16_t bins[8] = {0};
    uint32_t result = 0;
    for (unsigned i = 0; i < (count & 31u); i++)
        bins[bytes[i] >> 5]++;
    for (int i = 7; i >= 0; i--)
        result = result * 5 + bins[i];
    return result;
}

void blur(int32_t *out, const int32_t *in) {
    for (int y = 1; y < 3; y++)
        for (int x = 1; x < 5; x++) {
            int32_t sum = 0;
            for (int dy = -1; dy <= 1; dy++)
                for (int dx = -1; dx <= 1; dx++)
                    sum += in[(y + dy) * 6 + x + dx] >> 4;
            out[y * 6 + x] = sum;
        }
}

uint32_t fibonacci(uint8_t n) {
    uint32_t a = 0, b = 1;
    while (n-- > 0) {
        uint32_t sum = a + b;
        a = b;
        b = sum;
    }
    return a;
}

int first_pair(const int8_t *values, uint8_t count, int8_t sum) {
    unsigned n = count & 15;
    for (unsigned i = 0; i < n; i++)
        for (unsigned j = i + 1; j < n; j++)
            if (values[i] + values[j] == sum)
                return (int)(i * 16 + j);
    return -1;
}

void shift_down(uint32_t *values, uint8_t count, uint32_t last) {
    unsigned n = count & 15;
    for (unsigned i = 0; i + 1 < n; i++)
        values[i] = values[i + 1] + i;
    if (n > 0)
        values[n - 1] = last;
}

int64_t largest_run(const int16_t *values, uint8_t count) {
    int64_t best = 0, now = 0;
    for (int i = (count & 31) - 1; i >= 0; i--) {
        now += values[i];
        if (now < 0)
            now = 0;
        if (now > best)
            best = now;
    }
    return best;
}

uint32_t collatz(uint16_t start) {
    uint32_t steps = 0, x = start;
    while (x > 1 && steps < 40) {
        x = x & 1 ? 3 * x + 1 : x / 2;
        steps++;
    }
    return steps << 16 ^ x;
}
