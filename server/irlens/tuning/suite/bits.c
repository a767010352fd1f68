/* Bit tricks: counting, reversing, scattering, checksums, bit fields. */
#include <stdint.h>

static const uint8_t nibble[16] = {0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4};

int count_by_loop(uint64_t x) {
    int count = 0;
    while (x != 0) {
        x &= x - 1;
        count++;
    }
    return count;
}

int count_by_table(uint32_t x) {
    int count = 0;
    for (int i = 0; i < 8; i++)
        count += nibble[x >> (4 * i) & 15];
    return count;
}

uint32_t reversed(uint32_t x) {
    x = (x & 0x55555555) << 1 | (x >> 1 & 0x55555555);
    x = (x & 0x33333333) << 2 | (x >> 2 & 0x33333333);
    x = (x & 0x0f0f0f0f) << 4 | (x >> 4 & 0x0f0f0f0f);
    return x << 24 | (x & 0xff00) << 8 | (x >> 8 & 0xff00) | x >> 24;
}

uint32_t interleaved(uint16_t a, uint16_t b) {
    uint32_t result = 0;
    for (int i = 0; i < 16; i++) {
        result |= (uint32_t)(a >> i & 1) << (2 * i);
        result |= (uint32_t)(b >> i & 1) << (2 * i + 1);
    }
    return result;
}

uint32_t checksum(uint64_t data) {
    uint32_t crc = ~0u;
    for (int byte = 0; byte < 8; byte++) {
        crc ^= (uint8_t)(data >> (8 * byte));
        for (int bit = 0; bit < 8; bit++)
            crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
    }
    return ~crc;
}

uint32_t round_up(uint32_t x) {
    x--;
    x |= x >> 1;
    x |= x >> 2;
    x |= x >> 4;
    x |= x >> 8;
    x |= x >> 16;
    return x + 1;
}

struct fields {
    unsigned kind : 3;
    int offset : 9;
    unsigned flag : 1;
    unsigned rest : 19;
};

int use_fields(uint32_t x, int step) {
    struct fields one = {x & 7, (int)(x >> 3 & 255) - 128, x >> 12 & 1, x >> 13};
    one.kind += 5;
    one.offset ^= step & 63;
    if (one.flag)
        one.rest -= 3;
    one.flag = one.kind > 3;
    return one.offset * 16 + (int)one.kind + (int)(one.rest << 1 | one.flag);
}

int lowest_and_highest(uint32_t x) {
    if (x == 0)
        return -1;
    return __builtin_ctz(x) * 64 + __builtin_clz(x);
}

int subset_sums(uint8_t mask, int wanted) {
    static const int8_t weight[8] = {1, -2, 4, 7, -11, 13, 21, 34};
    int found = 0;
    for (unsigned part = mask;; part = (part - 1) & mask) {
        int sum = 0;
        for (int i = 0; i < 8; i++)
            if (part >> i & 1)
                sum += weight[i];
        if (sum == (wanted & 31))
            found++;
        if (part == 0)
            break;
    }
    return found;
}

uint64_t swapped(uint64_t x) {
    uint64_t result = 0;
    for (int i = 0; i < 8; i++) {
        result = result << 8 | (x & 0xff);
        x >>= 8;
    }
    return result;
}
