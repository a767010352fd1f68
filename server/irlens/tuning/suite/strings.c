/* Text: lengths, comparisons, numbers from and to text, matching. Buffers are their own, or bounded. */
#include <stddef.h>
#include <stdint.h>

size_t strlen(const char *);
int memcmp(const void *, const void *, size_t);

static void spell(char text[9], uint64_t letters) {
    for (int i = 0; i < 8; i++)
        text[i] = (char)(letters >> (8 * i) & 0x7f);
    text[8] = 0;
}

unsigned length(uint64_t letters) {
    char text[9];
    unsigned count = 0;
    spell(text, letters);
    while (text[count] != 0)
        count++;
    return count * 16 + (unsigned)strlen(text);
}

int compared(uint64_t a, uint64_t b) {
    char one[9], other[9];
    int i = 0;
    spell(one, a);
    spell(other, b);
    while (one[i] != 0 && one[i] == other[i])
        i++;
    return (one[i] - other[i]) * 4 + (memcmp(one, other, 9) == 0) + 2 * (memcmp(one, "if", 3) == 0);
}

int number(const char *text) {
    int sign = 1;
    uint32_t value = 0;
    int i = 0;
    if (text[0] == '-') {
        sign = -1;
        i = 1;
    }
    for (; i < 9 && text[i] >= '0' && text[i] <= '9'; i++)
        value = value * 10 + (uint32_t)(text[i] - '0');
    return sign * (int)(value & 0x3fffffff);
}

int to_text(int32_t value, char *out, uint8_t base) {
    char reversed[36];
    uint32_t left = value < 0 ? 0u - (uint32_t)value : (uint32_t)value;
    unsigned by = base % 15 + 2;
    int count = 0, written = 0;
    do {
        reversed[count++] = "0123456789abcdef"[left % by];
        left /= by;
    } while (left != 0);
    if (value < 0)
        out[written++] = '-';
    while (count > 0)
        out[written++] = reversed[--count];
    out[written] = 0;
    return written;
}

uint32_t hash(const uint8_t *text) {
    uint32_t value = 5381;
    for (int i = 0; i < 16 && text[i] != 0; i++)
        value = (value << 5) + value + text[i];
    return value;
}

int is_palindrome(uint64_t letters) {
    char text[9];
    int end = 0;
    spell(text, letters);
    while (text[end])
        end++;
    for (int i = 0, j = end - 1; i < j; i++, j--)
        if (text[i] != text[j])
            return 0;
    return end;
}

uint32_t lowered(uint64_t letters) {
    char text[9];
    uint32_t sum = 0;
    spell(text, letters);
    for (char *at = text; *at; at++) {
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at + ('a' - 'A'));
        sum = sum * 29 + (uint8_t)*at;
    }
    return sum;
}

int hexadecimal(uint64_t letters) {
    static const char digits[] = "0123456789abcdef";
    char text[9];
    uint32_t value = 0;
    spell(text, letters);
    for (int i = 0; text[i]; i++) {
        const char *found = digits;
        while (*found != 0 && *found != (text[i] | 32))
            found++;
        if (*found == 0)
            break;
        value = value * 16 + (uint32_t)(found - digits);
    }
    return (int)(value & 0x7fffffff);
}

static int matches_from(const char *text, const char *pattern) {
    if (*pattern == 0)
        return *text == 0;
    if (*pattern == '*')
        return matches_from(text, pattern + 1) || (*text != 0 && matches_from(text + 1, pattern));
    return *text != 0 && (*pattern == '?' || *pattern == *text) && matches_from(text + 1, pattern + 1);
}

int matches(uint64_t letters) {
    char text[9];
    spell(text, letters & 0x7f7f7f7f7f);
    return matches_from(text, "a*") + 2 * matches_from(text, "?b?") + 4 * matches_from(text, "*c*d");
}

int run_lengths(uint64_t letters, uint8_t *out) {
    char text[9];
    int written = 0;
    spell(text, letters);
    for (int i = 0; text[i] != 0;) {
        int run = 1;
        while (text[i + run] == text[i])
            run++;
        out[written++] = (uint8_t)run;
        out[written++] = (uint8_t)text[i];
        i += run;
    }
    return written;
}

int words_in(uint64_t letters) {
    char text[9];
    int count = 0, inside = 0;
    spell(text, letters);
    for (int i = 0; text[i]; i++) {
        int space = text[i] == ' ' || text[i] == '\t' || text[i] == '\n';
        if (!space && !inside)
            count++;
        inside = !space;
    }
    return count;
}
