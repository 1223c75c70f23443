/* SPDX-License-Identifier: Apache-2.0 */
/*
 * limb - the machine words large numbers are made of, least significant first,
 * and the operations that ought to become single instructions.
 *
 * A limb has 64 bits where the compiler has a 128-bit integer, else 32;
 * YF_LIMB_BITS forces either. A condition on a secret is a mask, all ones or
 * all zeros, and never a branch; limb_hide keeps the compiler from finding out
 * that it has only two values and making a branch of it after all.
 */
#ifndef YUFU_CRYPTO_SOFT_LIMB_H
#define YUFU_CRYPTO_SOFT_LIMB_H

#include <stdint.h>

#ifndef YF_LIMB_BITS
#ifdef __SIZEOF_INT128__
#define YF_LIMB_BITS 64
#else
#define YF_LIMB_BITS 32
#endif
#endif

#if YF_LIMB_BITS == 64
typedef uint64_t limb;
typedef int64_t slimb;
__extension__ typedef unsigned __int128 limb2;
__extension__ typedef __int128 slimb2;
#elif YF_LIMB_BITS == 32
typedef uint32_t limb;
typedef int32_t slimb;
typedef uint64_t limb2;
typedef int64_t slimb2;
#else
#error "YF_LIMB_BITS is 32 or 64"
#endif

typedef unsigned char limb_carry; // 0 or 1

/*
 * For loops of few turns: the innermost are always unrolled, the others only with
 * 64-bit limbs, where speed matters more than size. (Clang unrolls by itself.)
 */
#if defined(__GNUC__) && !defined(__clang__)
#define LIMB_UNROLL_ROW _Pragma("GCC unroll 10")
#else
#define LIMB_UNROLL_ROW
#endif
#if YF_LIMB_BITS == 64
#define LIMB_UNROLL LIMB_UNROLL_ROW
#else
#define LIMB_UNROLL
#endif

/* a + b + *c, leaving the carry; a - b - *c, leaving the borrow. */
#if YF_LIMB_BITS == 64 && defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
static inline limb
limb_add(limb a, limb b, limb_carry *c)
{
    unsigned long long r;

    *c = __builtin_ia32_addcarryx_u64(*c, a, b, &r);
    return r;
}

static inline limb
limb_sub(limb a, limb b, limb_carry *c)
{
    unsigned long long r;

    *c = __builtin_ia32_sbb_u64(*c, a, b, &r);
    return r;
}
#elif YF_LIMB_BITS == 64 && defined(__clang__)
static inline limb
limb_add(limb a, limb b, limb_carry *c)
{
    unsigned long long out, r = __builtin_addcll(a, b, *c, &out);

    *c = (limb_carry)out;
    return r;
}

static inline limb
limb_sub(limb a, limb b, limb_carry *c)
{
    unsigned long long out, r = __builtin_subcll(a, b, *c, &out);

    *c = (limb_carry)out;
    return r;
}
#else
static inline limb
limb_add(limb a, limb b, limb_carry *c)
{
    limb2 t = (limb2)a + b + *c;

    *c = (limb_carry)(t >> YF_LIMB_BITS);
    return (limb)t;
}

static inline limb
limb_sub(limb a, limb b, limb_carry *c)
{
    limb2 t = (limb2)a - b - *c;

    *c = (limb_carry)(t >> YF_LIMB_BITS & 1);
    return (limb)t;
}
#endif

/* a * b + add + *c, leaving the high limb in *c; it cannot overflow. */
static inline limb
limb_mul(limb a, limb b, limb add, limb *c)
{
    limb2 t = (limb2)a * b + add + *c;

    *c = (limb)(t >> YF_LIMB_BITS);
    return (limb)t;
}

static inline limb
limb_hide(limb x)
{
#ifdef __GNUC__
    __asm__("" : "+r"(x));
#endif
    return x;
}

/* The mask of a bit; of "x is zero"; of "a and b are equal". */
static inline limb
limb_mask(limb bit)
{
    return 0 - limb_hide(bit);
}

static inline limb
limb_is_zero(limb x)
{
    return limb_mask((~x & (x - 1)) >> (YF_LIMB_BITS - 1));
}

static inline limb
limb_eq(limb a, limb b)
{
    return limb_is_zero(a ^ b);
}

static inline limb
limb_select(limb mask, limb yes, limb no)
{
    return no ^ (mask & (yes ^ no));
}

#endif
