/* SPDX-License-Identifier: Apache-2.0 */
/*
 * slice - bit-sliced block ciphers: many blocks at once, in constant time.
 *
 * Eight words ("planes") hold bit 0 to bit 7 of many bytes, so that an S-box is a
 * circuit of and and xor instead of a table that a cache would tell about. The
 * word is the widest one that plain C makes fast here: 32 bits on a small chip,
 * 64, or a vector of 128 (SSE2, NEON). Each has four lanes of LANE bits,
 *
 *     lane 0 | lane 1 | lane 2 | lane 3       lane r: byte r of a 32-bit word
 *
 * and turning a byte column or rotating a 32-bit word by 8 is turning the lanes.
 * Within a lane a cipher places as many blocks (SM4: LANE) or columns of blocks
 * (AES: LANE / 4 of each of four columns) as fit.
 *
 * -DYF_LIMB_BITS=32 or 64 (option limbs) chooses the word as it does the limbs.
 */
#ifndef YUFU_CRYPTO_SOFT_SLICE_H
#define YUFU_CRYPTO_SOFT_SLICE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(YF_LIMB_BITS)
#define WORD_BITS YF_LIMB_BITS
#elif UINTPTR_MAX <= 0xFFFFFFFF
#define WORD_BITS 32
#elif (defined(__SSE2__) || defined(__ARM_NEON)) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#if defined(__has_builtin)
#if __has_builtin(__builtin_shufflevector)
#define WORD_BITS 128
#endif
#endif
#endif
#ifndef WORD_BITS
#define WORD_BITS 64
#endif

/* The pieces of a round are one straight line of code, however long a compiler finds that. */
#define INLINE static inline __attribute__((always_inline))

/* Before a loop over planes: gcc would unroll it at -O3 only, and indices into registers cost. */
#if defined(__GNUC__) && !defined(__clang__) && !defined(__OPTIMIZE_SIZE__)
#define EACH_PLANE _Pragma("GCC unroll 8")
#else
#define EACH_PLANE
#endif

enum {
    LANE = WORD_BITS / 4,
    COLUMNS = WORD_BITS / 32, // 32-bit words that one word holds, byte for byte
};

/* Four bytes as they lie in memory, the first in the low bits. */
INLINE uint32_t
load32(const uint8_t *p)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint32_t v; // gcc does not see through the shifts below when a vector is made of four

    __builtin_memcpy(&v, p, 4); // freestanding: memcpy would be a call
    return v;
#else
    return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
#endif
}

INLINE void
store32(uint8_t *p, uint32_t v)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    __builtin_memcpy(p, &v, 4);
#else
    p[0] = (uint8_t)v;
    p[1] = (uint8_t)(v >> 8);
    p[2] = (uint8_t)(v >> 16);
    p[3] = (uint8_t)(v >> 24);
#endif
}

/*
 * For each word:
 *   LANES(x, k)            lane r of the result is lane r + k of x, modulo 4; k is 1, 2 or 3
 *   repeat(v)              a word of the 32-bit pattern v
 *   lanes_of(v, bit)       all of lane r is bit `bit` of byte r of v
 *   gather(p, stride)      COLUMNS 32-bit words at p, p + stride, ..; byte r of each in lane r
 *   scatter(x, p, stride)  the reverse
 */
#if WORD_BITS == 128

typedef uint32_t word __attribute__((vector_size(16)));
typedef uint8_t word_bytes __attribute__((vector_size(16)));

#define LANES(x, k) __builtin_shufflevector(x, x, (k), ((k) + 1) & 3, ((k) + 2) & 3, ((k) + 3) & 3)

INLINE word
repeat(uint32_t v)
{
    return (word){ v, v, v, v };
}

/* Bytes 0, 8, 1, 9, ..: said as an interleaving of two, which SSE2 has; gcc would miss it. */
INLINE word
shuffle(word x)
{
    word_bytes lo = (word_bytes)x, hi = (word_bytes)LANES(x, 2);

    return (word)__builtin_shufflevector(lo, hi, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7,
                                         23);
}

INLINE word
gather(const uint8_t *p, size_t stride)
{
    word x = { load32(p), load32(p + stride), load32(p + 2 * stride), load32(p + 3 * stride) };

    return shuffle(shuffle(x));
}

INLINE void
scatter(word x, uint8_t *p, size_t stride)
{
    x = shuffle(shuffle(x));
    EACH_PLANE
    for (size_t c = 0; c < COLUMNS; c++)
        store32(p + c * stride, x[c]);
}

INLINE word
lanes_of(uint32_t v, unsigned bit)
{
    word m = (word){ 1, 1 << 8, 1 << 16, 1 << 24 } << bit;

    return (word)((repeat(v) & m) == m);
}

#elif WORD_BITS == 64

typedef uint64_t word;

#define LANES(x, k) ((x) >> (16 * (k)) | (x) << (64 - 16 * (k)))

INLINE word
repeat(uint32_t v)
{
    return (word)v << 32 | v;
}

/* The four bytes of v, two bytes apart; and back. */
INLINE word
apart(uint32_t v)
{
    word x = v;

    x = (x | x << 16) & 0x0000FFFF0000FFFF;
    return (x | x << 8) & 0x00FF00FF00FF00FF;
}

INLINE uint32_t
together(word x)
{
    x &= 0x00FF00FF00FF00FF;
    x = (x | x >> 8) & 0x0000FFFF0000FFFF;
    return (uint32_t)(x | x >> 16);
}

INLINE word
gather(const uint8_t *p, size_t stride)
{
    return apart(load32(p)) | apart(load32(p + stride)) << 8;
}

INLINE void
scatter(word x, uint8_t *p, size_t stride)
{
    store32(p, together(x));
    store32(p + stride, together(x >> 8));
}

INLINE word
lanes_of(uint32_t v, unsigned bit)
{
    word x = (apart(v) >> bit) & 0x0001000100010001;

    return (x << 16) - x;
}

#else

typedef uint32_t word;

#define LANES(x, k) ((x) >> (8 * (k)) | (x) << (32 - 8 * (k)))

INLINE word
repeat(uint32_t v)
{
    return v;
}

INLINE word
gather(const uint8_t *p, size_t stride)
{
    (void)stride;
    return load32(p);
}

INLINE void
scatter(word x, uint8_t *p, size_t stride)
{
    (void)stride;
    store32(p, x);
}

INLINE word
lanes_of(uint32_t v, unsigned bit)
{
    word x = (v >> bit) & 0x01010101;

    return (x << 8) - x;
}

#endif

/* Bits of a at mask << shift change places with bits of b at mask. */
INLINE void
swap_bits(word *a, word *b, uint32_t mask, unsigned shift)
{
    word t = ((*a >> shift) ^ *b) & repeat(mask);

    *b ^= t;
    *a ^= t << shift;
}

/*
 * Between eight gathered words and eight planes, there and back: bit j of every
 * byte of word i and bit i of the same byte of word j change places.
 */
INLINE void
transpose(word q[8])
{
    EACH_PLANE
    for (unsigned i = 0; i < 8; i += 2)
        swap_bits(q + i, q + i + 1, 0x55555555, 1);
    EACH_PLANE
    for (unsigned i = 0; i < 8; i += 4) {
        swap_bits(q + i, q + i + 2, 0x33333333, 2);
        swap_bits(q + i + 1, q + i + 3, 0x33333333, 2);
    }
    EACH_PLANE
    for (unsigned i = 0; i < 4; i++)
        swap_bits(q + i, q + i + 4, 0x0F0F0F0F, 4);
}

/* From planes, the first 32-bit word they hold. Leaves the planes turned. */
INLINE uint32_t
first_word(word q[8])
{
    uint8_t b[4 * COLUMNS];

    transpose(q);
    scatter(q[0], b, 4);
    return load32(b);
}

#endif
