/* Something to optimise: small functions, a loop, repeated expressions.
 *
 * examples/checksum.ll was made from this file by Debian's clang 19.1.7, which leaves optimising to irlens:
 *   clang-19 --target=x86_64-unknown-linux-gnu -Oz -Xclang -disable-llvm-passes -S -emit-llvm checksum.c
 */

int twice(int n) {
    int doubled = n + n;
    return doubled;
}

int difference(int a, int b) {
    int result = a - b;
    return result < 0 ? -result : result;
}

unsigned rotate(unsigned n, unsigned by) { return (n << (by & 31)) | (n >> (-by & 31)); }

unsigned checksum(const unsigned char *bytes, unsigned long count) {
    unsigned sum = 1;
    for (unsigned long i = 0; i < count; i++)
        sum = rotate(sum, 5) ^ bytes[i];
    return sum;
}

/* The same loop again, as it happens when two people need it. -Oz keeps both copies. */
unsigned header_checksum(const unsigned char *header, unsigned long length) {
    unsigned sum = 1;
    for (unsigned long i = 0; i < length; i++)
        sum = rotate(sum, 5) ^ header[i];
    return sum;
}

unsigned checksum_pair(const unsigned char *left, const unsigned char *right, unsigned long count) {
    return checksum(left, count) ^ rotate(checksum(right, count), 16);
}
