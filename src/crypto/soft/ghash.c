/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Products of polynomials over GF(2) by integer multiplication: of each factor only
 * every fifth bit is taken at a time, so that the sums of a column, at most 13,
 * stay below the next bit taken and their lowest bit is the answer. (Every fourth
 * where the product of two words has 64 bits: at most 8.) That is constant time
 * wherever the multiplier is: on x86-64, on ARMv8-A, on Cortex-M4 (umull, one
 * cycle); not on Cortex-M3, whose umull ends early on small operands.
 */
#include "ghash.h"

#include <string.h>

#if defined(__SIZEOF_INT128__) && !(defined(YF_LIMB_BITS) && YF_LIMB_BITS == 32)

typedef unsigned __int128 wide;

#define EVERY5 0x1084210842108421u // bits 0, 5, .. 60
#define SPLIT(x)                                                                                   \
    {                                                                                              \
        x &EVERY5, x &EVERY5 << 1, x & EVERY5 << 2, x & EVERY5 << 3, x & EVERY5 << 4               \
    }

/* Bits k, k + 5, .. of the product: the parts i and j with i + j = k modulo 5. */
static inline wide
sum_at(unsigned k, const uint64_t a[5], const uint64_t b[5])
{
    const wide mask = (wide)0x2108421084210842 << 64 | EVERY5; // bits 0, 5, .. 125
    wide s = (wide)a[0] * b[k] ^ (wide)a[1] * b[(k + 4) % 5] ^ (wide)a[2] * b[(k + 3) % 5] ^
             (wide)a[3] * b[(k + 2) % 5] ^ (wide)a[4] * b[(k + 1) % 5];

    return s & mask << k;
}

static inline void
multiply(uint64_t x, uint64_t y, uint64_t *hi, uint64_t *lo)
{
    const uint64_t a[5] = SPLIT(x), b[5] = SPLIT(y);
    wide p =
        sum_at(0, a, b) | sum_at(1, a, b) | sum_at(2, a, b) | sum_at(3, a, b) | sum_at(4, a, b);

    *hi = (uint64_t)(p >> 64);
    *lo = (uint64_t)p;
}

#else

#define EVERY4 0x11111111u // bits 0, 4, .. 28
#define SPLIT(x)                                                                                   \
    {                                                                                              \
        x &EVERY4, x &EVERY4 << 1, x & EVERY4 << 2, x & EVERY4 << 3                                \
    }

/* Bits k, k + 4, .. of the product: the parts i and j with i + j = k modulo 4. */
static inline uint64_t
sum_at(unsigned k, const uint32_t a[4], const uint32_t b[4])
{
    const uint64_t mask = 0x1111111111111111;
    uint64_t s = (uint64_t)a[0] * b[k] ^ (uint64_t)a[1] * b[(k + 3) % 4] ^
                 (uint64_t)a[2] * b[(k + 2) % 4] ^ (uint64_t)a[3] * b[(k + 1) % 4];

    return s & mask << k;
}

static inline uint64_t
multiply32(uint32_t x, uint32_t y)
{
    const uint32_t a[4] = SPLIT(x), b[4] = SPLIT(y);

    return sum_at(0, a, b) | sum_at(1, a, b) | sum_at(2, a, b) | sum_at(3, a, b);
}

/* Karatsuba: the middle is (a1 + a0)(b1 + b0) less the outer two. */
static inline void
multiply(uint64_t a, uint64_t b, uint64_t *hi, uint64_t *lo)
{
    uint32_t a1 = (uint32_t)(a >> 32), a0 = (uint32_t)a;
    uint32_t b1 = (uint32_t)(b >> 32), b0 = (uint32_t)b;
    uint64_t high = multiply32(a1, b1), low = multiply32(a0, b0);
    uint64_t mid = multiply32(a1 ^ a0, b1 ^ b0) ^ high ^ low;

    *hi = high ^ mid >> 32;
    *lo = low ^ mid << 32;
}

#endif

/* A product that is not reduced yet: the outer two parts of Karatsuba, and the middle one. */
struct product {
    uint64_t high[2], mid[2], low[2]; // each hi, lo
};

static inline void
add_product(struct product *p, struct yf_gf128 a, struct yf_gf128 b)
{
    uint64_t hi, lo;

    multiply(a.hi, b.hi, &hi, &lo);
    p->high[0] ^= hi;
    p->high[1] ^= lo;
    multiply(a.lo, b.lo, &hi, &lo);
    p->low[0] ^= hi;
    p->low[1] ^= lo;
    multiply(a.hi ^ a.lo, b.hi ^ b.lo, &hi, &lo);
    p->mid[0] ^= hi;
    p->mid[1] ^= lo;
}

/* x^128 = x^7 + x^2 + x + 1, and times x is a shift to the right. What falls out goes to *over. */
static inline uint64_t
fold(uint64_t x, uint64_t *over)
{
    *over ^= x << 63 ^ x << 62 ^ x << 57;
    return x ^ x >> 1 ^ x >> 2 ^ x >> 7;
}

static inline struct yf_gf128
reduced(const struct product *p)
{
    uint64_t p3 = p->high[0];
    uint64_t p2 = p->high[1] ^ p->mid[0] ^ p->high[0] ^ p->low[0];
    uint64_t p1 = p->low[0] ^ p->mid[1] ^ p->high[1] ^ p->low[1];
    uint64_t p0 = p->low[1];

    // 255 bits of product: x^0 is the second highest bit, and goes up by one
    p3 = p3 << 1 | p2 >> 63;
    p2 = p2 << 1 | p1 >> 63;
    p1 = p1 << 1 | p0 >> 63;
    p0 = p0 << 1;
    p2 ^= fold(p0, &p1);
    p3 ^= fold(p1, &p2);
    return (struct yf_gf128){ p3, p2 };
}

static struct yf_gf128
times(struct yf_gf128 a, struct yf_gf128 b)
{
    struct product p = { 0 };

    add_product(&p, a, b);
    return reduced(&p);
}

static inline struct yf_gf128
sum_with(struct yf_gf128 a, const uint8_t *block)
{
    a.hi ^= yf_be64(block);
    a.lo ^= yf_be64(block + 8);
    return a;
}

void
yf_ghash_init(struct yf_ghash *g, const uint8_t key[16])
{
    g->y = (struct yf_gf128){ 0, 0 };
    g->h = sum_with(g->y, key);
    g->h2 = times(g->h, g->h);
}

/* Two blocks a step, (y + a)h^2 + bh: one reduction, and two products that need not wait. */
static void
whole_blocks(struct yf_ghash *g, const uint8_t *p, size_t n)
{
    const struct yf_gf128 zero = { 0, 0 };

    for (; n >= 32; n -= 32, p += 32) {
        struct product two = { 0 };
        add_product(&two, sum_with(g->y, p), g->h2);
        add_product(&two, sum_with(zero, p + 16), g->h);
        g->y = reduced(&two);
    }
    if (n)
        g->y = times(sum_with(g->y, p), g->h);
}

void
yf_ghash_add(struct yf_ghash *g, yf_span bytes)
{
    size_t rest = bytes.n & 15;
    uint8_t last[16] = { 0 };

    whole_blocks(g, bytes.p, bytes.n - rest);
    if (rest) {
        memcpy(last, bytes.p + (bytes.n - rest), rest);
        whole_blocks(g, last, 16);
    }
}

void
yf_ghash_end(struct yf_ghash *g, uint64_t bits_a, uint64_t bits_b, uint8_t out[16])
{
    yf_put_be64(out, bits_a);
    yf_put_be64(out + 8, bits_b);
    whole_blocks(g, out, 16);
    yf_put_be64(out, g->y.hi);
    yf_put_be64(out + 8, g->y.lo);
}
