/* Small integer functions, as a systems programmer writes them.
 *
 * examples/bits.s was made from this file by Debian's clang 19.1.7:
 *   clang-19 --target=x86_64-unknown-linux-gnu -O2 -S bits.c -o bits.s
 */

unsigned align_up(unsigned n, unsigned boundary) { return (n + boundary - 1) & -boundary; }

int is_power_of_two(unsigned n) { return n != 0 && (n & (n - 1)) == 0; }

int smaller(int a, int b) { return a < b ? a : b; }

unsigned low_byte(unsigned n) { return n & 255; }

long scaled(long index, long base) { return base + index * 8; }
