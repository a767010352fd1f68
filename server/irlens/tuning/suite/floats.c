/* Floating point: no contraction, no reassociation, nothing out of an integer's range. */
#include <stdint.h>

double horner(double x) {
    static const double factors[5] = {0.5, -1.25, 3.0, 0.0, 7.75};
    double sum = 0;
    for (int i = 0; i < 5; i++)
        sum = sum * x + factors[i];
    return sum;
}

double root(double x) {
    double guess = 1.0;
    if (!(x > 0.0 && x < 1e6))
        return 0.0;
    for (int i = 0; i < 12; i++)
        guess = 0.5 * (guess + x / guess);
    return guess;
}

float of_halves(float a, float b) {
    double wide = (double)a * b;
    float narrow = a * b;
    return (float)(wide - narrow) + (a - b) / 2.0f;
}

int ordered(double a, double b) {
    int result = 0;
    if (a < b)
        result |= 1;
    if (!(a >= b))
        result |= 2;
    if (a == b)
        result |= 4;
    if (a != a)
        result |= 8;
    if (a > b || b > a)
        result |= 16;
    return result;
}

int to_integer(double x) {
    if (x > -1000000.0 && x < 1000000.0)
        return (int)x * 3 + (int)(float)x;
    return x > 0 ? 1 : -1;
}

double from_integers(int32_t a, uint32_t b, int64_t c, uint8_t d) {
    return (double)a * 0.25 + (double)b - (double)c / 8.0 + (float)d;
}

double sum_in_order(const double *values, uint8_t count) {
    double sum = 0, lost = 0;
    for (unsigned i = 0; i < (count & 7u); i++) {
        double part = values[i] - lost, now = sum + part;
        lost = (now - sum) - part;
        sum = now;
    }
    return sum;
}

uint32_t bits_of(float x) {
    union { float number; uint32_t bits; } view = {x};
    if (view.bits >> 31)
        view.number = -view.number;
    return view.bits;
}

double scaled(double x, int8_t by) {
    double factor = by < 0 ? 0.5 : 2.0;
    for (int i = by < 0 ? -by : by; i > 0; i--)
        x *= factor;
    return x == 0.0 ? -x : x;
}

struct vector { float x, y, z; };

struct vector crossed(struct vector a, struct vector b) {
    struct vector made = {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
    return made;
}

double clamped(double x, double low, double high) {
    double result = x < low ? low : x;
    return result > high ? high : result;
}
