/* Variables of the program: initial values, state that only this file can see, tables, tables of functions. */
#include <stdint.h>

static int counter = 3;
static uint32_t random_state = 12345;
static int never_changed = 40;
static const uint16_t primes[10] = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29};
static int *const aimed = &counter;
static const char *const words[4] = {"none", "one", "two", "many"};
static struct { int head, count; int values[8]; } ring;
int exported = 17;
int shared[6] = {1, -2, 3, -4, 5, -6};

int count_on(int by) {
    int before = counter;
    counter += by & 7;
    if (counter > 100)
        counter = never_changed;
    return before * 2 + *aimed;
}

uint32_t draw(void) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return random_state;
}

uint32_t draw_some(uint8_t count) {
    uint32_t sum = 0;
    for (unsigned i = 0; i < (count & 7u); i++)
        sum += draw() % primes[i];
    return sum;
}

static int push(int value) {
    if (ring.count == 8)
        return 0;
    ring.values[(ring.head + ring.count++) & 7] = value;
    return 1;
}

static int pull(int *value) {
    if (ring.count == 0)
        return 0;
    *value = ring.values[ring.head];
    ring.head = (ring.head + 1) & 7;
    ring.count--;
    return 1;
}

uint32_t through_ring(uint32_t orders, int value) {
    uint32_t sum = 0;
    int got = 0;
    for (int i = 0; i < 16; i++) {
        if (orders >> i & 1)
            sum += (uint32_t)push(value + i);
        else if (pull(&got))
            sum = sum * 3 + (uint32_t)got;
    }
    return sum;
}

int change_shared(unsigned at, int value) {
    int old = shared[at % 6];
    shared[at % 6] = value;
    exported = (int)((unsigned)exported + (unsigned)old);
    return (int)((unsigned)shared[(at + 1) % 6] - (unsigned)exported);
}

static int added(int a, int b) { return (int)((unsigned)a + (unsigned)b); }
static int taken(int a, int b) { return (int)((unsigned)a - (unsigned)b); }
static int greater(int a, int b) { return a > b ? a : b; }
static int masked(int a, int b) { return a & ~b; }
static int (*const operations[4])(int, int) = {added, taken, greater, masked};
static int (*chosen)(int, int) = greater;

int by_table(unsigned which, int a, int b) { return operations[which & 3](a, b); }

int by_choice(unsigned which, int a, int b) {
    int first = chosen(a, b);
    if (which & 4)
        chosen = operations[which & 3];
    return (first & 0xffffff) * 2 ^ chosen(b, a);
}

uint32_t machine(uint64_t program) {
    static const uint8_t cost[8] = {1, 1, 2, 3, 1, 4, 1, 2};
    uint32_t stack[4] = {1, 2, 3, 4}, time = 0;
    unsigned top = 0;
    for (int step = 0; step < 16; step++) {
        unsigned order = program & 7;
        program >>= 4;
        time += cost[order];
        switch (order) {
        case 0: top = (top + 1) & 3; break;
        case 1: stack[top] += stack[(top + 1) & 3]; break;
        case 2: stack[top] *= 5; break;
        case 3: stack[top] = ~stack[top]; break;
        case 4: stack[(top + 2) & 3] = stack[top]; break;
        case 5: top = stack[top] & 3; break;
        case 6: stack[top] >>= 1; break;
        default: return stack[top] + time;
        }
    }
    return (stack[0] ^ stack[1] << 1 ^ stack[2] << 2 ^ stack[3] << 3) + time;
}

int word_letter(unsigned word, unsigned at) {
    const char *text = words[word & 3];
    for (unsigned i = 0; i < (at & 7) && *text; i++)
        text++;
    return *text;
}

int remembered(uint8_t n) {
    static int16_t known[16];
    static int calls;
    unsigned at = n & 15;
    calls++;
    if (known[at] == 0) {
        int sum = 0;
        for (unsigned i = 0; i <= at; i++)
            sum += primes[i % 10];
        known[at] = (int16_t)sum;
    }
    return known[at] * 4 + calls;
}

int call_them_all(int x) {
    unsigned sum = (unsigned)count_on(x) + (unsigned)count_on(x >> 3);
    sum += (draw() & 255) + (unsigned)remembered((uint8_t)x) + (unsigned)remembered((uint8_t)x);
    sum += (unsigned)by_choice((unsigned)x, 3, 4) + (unsigned)change_shared((unsigned)x & 3, (int)(sum & 15));
    return (int)(sum + (unsigned)counter);
}
