/* Structures and memory: by value and by pointer, overlap, aliasing, unions, lists, copies. */
#include <stddef.h>
#include <stdint.h>

void *memcpy(void *, const void *, size_t);
void *memmove(void *, const void *, size_t);
void *memset(void *, int, size_t);
int memcmp(const void *, const void *, size_t);

struct pair { int32_t a, b; };
struct mixed { int8_t tag; int32_t number; int64_t big; uint16_t last; };
struct large { int32_t values[9]; };

struct pair exchanged(struct pair one) {
    struct pair result = {one.b, one.a};
    return result;
}

int64_t of_mixed(struct mixed one) { return one.tag + one.number * 2LL + (one.big >> 2 ^ one.last); }

struct large filled(int32_t start, int32_t step) {
    struct large made;
    for (int i = 0; i < 9; i++)
        made.values[i] = (int32_t)((uint32_t)start + (uint32_t)step * (uint32_t)i);
    return made;
}

uint32_t sum_large(struct large one) {
    uint32_t sum = 0;
    one.values[3] ^= 0x1234;
    for (int i = 0; i < 9; i++)
        sum = sum * 7 + (uint32_t)one.values[i];
    return sum;
}

uint32_t through_copies(int32_t start) {
    struct large first = filled(start, 3), second = first;
    second.values[8] = first.values[0];
    first = filled(second.values[4], -1);
    return sum_large(first) ^ sum_large(second);
}

void update(struct mixed *one, const struct mixed *other) {
    one->number = (one->number >> 1) + (other->number >> 1);
    one->big = (other->big >> 1) - one->number;
    if (other->tag < one->tag)
        one->tag = other->tag;
    one->last = (uint16_t)(one->last * 3 + other->last);
}

int32_t may_alias(int32_t *a, int32_t *b) {
    *a = 5;
    *b = 7;
    *a += *b;
    return *a ^ *b;
}

uint32_t overlapping(uint64_t seed, uint8_t from, uint8_t to, uint8_t count) {
    uint8_t bytes[24];
    uint32_t sum = 0;
    for (int i = 0; i < 24; i++)
        bytes[i] = (uint8_t)((seed >> (i & 7)) + (unsigned)i * 37u);
    memmove(bytes + (to & 7), bytes + (from & 7), count & 15);
    memmove(bytes + 1, bytes, 8);
    memcpy(bytes + 12, bytes + 2, 9);
    for (int i = 0; i < 24; i++)
        sum = sum * 131 + bytes[i];
    return sum;
}

uint32_t by_hand(uint8_t *bytes, uint8_t count) {
    unsigned n = count & 15;
    for (unsigned i = n; i > 0; i--)
        bytes[i] = bytes[i - 1];
    for (unsigned i = 0; i < n; i++)
        bytes[i + 16] = bytes[i];
    return bytes[n];
}

uint32_t cleared(uint32_t x) {
    struct { uint32_t a; uint8_t b[7]; uint16_t c; } some, other;
    memset(&some, 0, sizeof some);
    memset(&other, 0, sizeof other);
    some.b[x % 7] = (uint8_t)x;
    other.b[x / 7 % 7] = (uint8_t)x;
    some.c = other.c = (uint16_t)(x >> 8);
    return memcmp(&some, &other, sizeof some) == 0 ? x : x + some.b[3] * 2u + other.b[4] * 5u;
}

uint32_t as_words(uint64_t x) {
    union { uint64_t whole; uint32_t words[2]; uint16_t halves[4]; uint8_t bytes[8]; } view;
    view.whole = x;
    view.bytes[3] ^= view.bytes[6];
    view.halves[2] = (uint16_t)(view.halves[1] + 1);
    return view.words[0] * 3 + view.words[1];
}

struct node { struct node *next; int32_t value; };

int32_t reversed_list(int32_t seed, uint8_t count) {
    struct node nodes[8], *head = NULL, *back = NULL;
    uint32_t result = 0;
    for (unsigned i = 0; i < (count & 7u); i++) {
        nodes[i].value = (int32_t)((uint32_t)seed * (i + 1));
        nodes[i].next = head;
        head = &nodes[i];
    }
    while (head != NULL) {
        struct node *next = head->next;
        head->next = back;
        back = head;
        head = next;
    }
    for (struct node *at = back; at != NULL; at = at->next)
        result = result * 11 + (uint32_t)at->value;
    return (int32_t)result;
}

uint32_t of_its_own_size(uint8_t count, uint16_t seed) {
    unsigned n = (count & 7) + 1;
    uint16_t values[n];
    uint32_t sum = 0;
    for (unsigned i = 0; i < n; i++)
        values[i] = (uint16_t)(seed >> i);
    for (unsigned i = n; i-- > 0;)
        sum = sum * 9 + values[i];
    return sum;
}

int64_t packed(const uint8_t *from, uint8_t *to) {
    int32_t number;
    int16_t half;
    memcpy(&number, from + 1, 4);
    memcpy(&half, from + 7, 2);
    to[0] = (uint8_t)(number >> 24);
    to[1] = (uint8_t)half;
    memcpy(to + 3, &number, 4);
    return (int64_t)number * half;
}
