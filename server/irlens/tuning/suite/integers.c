/* Integer arithmetic: widths, signs, wrap-around, division, shifts at their limits. Nothing undefined for any input. */
#include <stdint.h>

uint32_t gcd(uint32_t a, uint32_t b) {
    for (int i = 0; b != 0 && i < 64; i++) {
        uint32_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

uint32_t square_root(uint32_t x) {
    uint32_t root = 0, bit = 1u << 30;
    while (bit > x)
        bit >>= 2;
    while (bit != 0) {
        if (x >= root + bit) {
            x -= root + bit;
            root = (root >> 1) + bit;
        } else {
            root >>= 1;
        }
        bit >>= 2;
    }
    return root;
}

uint64_t power_modulo(uint32_t base, uint8_t exponent, uint32_t modulus) {
    uint64_t result = 1, factor = base;
    if (modulus == 0)
        return 0;
    factor %= modulus;
    while (exponent != 0) {
        if (exponent & 1)
            result = result * factor % modulus;
        factor = factor * factor % modulus;
        exponent >>= 1;
    }
    return result;
}

int32_t add_saturated(int32_t a, int32_t b) {
    int64_t sum = (int64_t)a + b;
    if (sum > INT32_MAX)
        return INT32_MAX;
    if (sum < INT32_MIN)
        return INT32_MIN;
    return (int32_t)sum;
}

uint64_t multiply_high(uint64_t a, uint64_t b) {
    uint64_t low = (a & 0xffffffff) * (b & 0xffffffff);
    uint64_t cross = (a >> 32) * (b & 0xffffffff) + (low >> 32);
    uint64_t other = (a & 0xffffffff) * (b >> 32) + (cross & 0xffffffff);
    return (a >> 32) * (b >> 32) + (cross >> 32) + (other >> 32);
}

int64_t divided_by_constants(int32_t x) {
    int64_t sum = x / 3;
    sum += x / -7 * 2;
    sum += x % 10;
    sum ^= x / 16;
    sum -= x % 64;
    sum += (uint32_t)x / 1000u;
    return sum * 5 - (x / 1000000007);
}

int narrow(int8_t a, uint8_t b, int16_t c, uint16_t d) {
    int8_t wrapped = (int8_t)(a * 3 + b);
    uint8_t small = (uint8_t)(b - d);
    int16_t half = (int16_t)(c * 257 + a);
    uint16_t flat = (uint16_t)(d << 3 | d >> 13);
    return wrapped * 7 + small * 11 - half + flat;
}

int compare_signs(int32_t a, uint32_t b, int64_t c) {
    int result = 0;
    if ((uint32_t)a < b)
        result |= 1;
    if (a < (int32_t)b)
        result |= 2;
    if (c < a)
        result |= 4;
    if ((uint64_t)c > b)
        result |= 8;
    if ((int64_t)b == c)
        result |= 16;
    if ((int16_t)a > (int8_t)b)
        result |= 32;
    return result;
}

uint64_t shifts(uint64_t x, uint32_t n) {
    uint64_t left = x << (n & 63);
    uint64_t right = x >> (n & 63);
    int64_t sign = (int64_t)x >> (n & 63);
    uint32_t turn = n & 31;
    uint32_t low = (uint32_t)x;
    uint32_t turned = low << turn | low >> (-turn & 31);
    return (left ^ right) + (uint64_t)sign * 3 + turned;
}

int overflows(int32_t a, int32_t b) {
    int32_t sum, product;
    uint8_t tiny;
    int result = __builtin_add_overflow(a, b, &sum) ? 1 : 0;
    if (__builtin_mul_overflow(a, b, &product))
        result += 2;
    if (__builtin_sub_overflow((uint32_t)a, (uint32_t)b, &tiny))
        result += 4;
    return result + ((sum ^ product) & 0xff0) + tiny * 8;
}

unsigned digits(uint64_t x) {
    unsigned sum = 0;
    do {
        sum = sum * 3 + (unsigned)(x % 10);
        x /= 10;
    } while (x != 0);
    return sum;
}

int absolute_difference(int16_t a, int16_t b, int16_t low, int16_t high) {
    int difference = a - b;
    if (difference < 0)
        difference = -difference;
    return difference < low ? low : difference > high ? high : difference;
}
