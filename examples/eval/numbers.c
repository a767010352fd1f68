/* Arithmetic. Part of the fixed set of `make eval`; see README.md beside it. */

#include <stdint.h>

int32_t larger(int32_t a, int32_t b) { return a > b ? a : b; }

uint32_t rotate(uint32_t x) { return x << 7 | x >> 25; }

uint8_t low_nibble(uint8_t x) { return x & 15; }

int64_t widen(int32_t x) { return (int64_t)x * 4; }

int is_digit(int c) { return (unsigned)(c - '0') < 10; }

double half(double x) { return x * 0.5; }

double dot(double a, double b, double c, double d) { return a * b + c * d; }

uint64_t high_word(uint64_t x) { return x >> 32; }

int32_t clamp(int32_t x) {
  if (x < 0)
    return 0;
  return x > 255 ? 255 : x;
}

uint16_t swap_bytes(uint16_t x) { return (uint16_t)(x << 8 | x >> 8); }

int parity(uint32_t x) { return __builtin_popcount(x) & 1; }
