/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mod - arithmetic modulo an odd number of up to 521 bits, in constant time for
 * a modulus that is public.
 *
 * Residues are arrays of f->n limbs, always below the modulus. yf_mod_mul is
 * Montgomery's product a b / R, R = 2^(n limbs): numbers are brought into
 * Montgomery form (a R) by yf_mod_in, stay there through products and sums, and
 * are brought back by yf_mod_out. Results may be the same memory as operands.
 */
#ifndef YUFU_CRYPTO_SOFT_MOD_H
#define YUFU_CRYPTO_SOFT_MOD_H

#include "limb.h"

#include <stdbool.h>
#include <stddef.h>

enum { YF_LIMBS = (521 + YF_LIMB_BITS - 1) / YF_LIMB_BITS };

struct mod {
    const limb *m;  // the modulus
    const limb *rr; // R^2 mod m
    limb k;         // -1/m modulo a limb
    unsigned n;     // limbs
    unsigned bits;  // of m
};

/* How many limbs hold a number of so many bytes: a size that yf_mod_mul has. */
unsigned yf_limbs(size_t bytes);

/* m must be odd and have exactly `bits` bits; rr is what yf_mod_prepare made of it. */
struct mod yf_mod_of(const limb *m, const limb *rr, unsigned n, unsigned bits);
void yf_mod_prepare(limb *rr, const limb *m, unsigned n, unsigned bits);

/* Big-endian bytes; on reading, what does not fit n limbs must be zero. */
void yf_limbs_get(limb *r, unsigned n, const uint8_t *bytes, size_t size);
void yf_limbs_put(uint8_t *bytes, size_t size, const limb *a, unsigned n);

/* r = mask ? a : r */
void yf_limbs_take(limb *r, limb mask, const limb *a, unsigned n);
/* Masks. */
limb yf_limbs_zero(const limb *a, unsigned n);
limb yf_limbs_equal(const limb *a, const limb *b, unsigned n);
limb yf_limbs_below(const limb *a, const limb *b, unsigned n);

void yf_mod_add(const struct mod *f, limb *r, const limb *a, const limb *b);
void yf_mod_sub(const struct mod *f, limb *r, const limb *a, const limb *b);
/* a may be any n limbs if b is below the modulus. */
void yf_mod_mul(const struct mod *f, limb *r, const limb *a, const limb *b);
/* a / 2 */
void yf_mod_half(const struct mod *f, limb *r, const limb *a);

/* a may be any n limbs: yf_mod_in reduces it. */
void yf_mod_in(const struct mod *f, limb *r, const limb *a);
void yf_mod_out(const struct mod *f, limb *r, const limb *a);
/* One, in Montgomery form. */
void yf_mod_one(const struct mod *f, limb *r);

/* 1/a in Montgomery form, of a prime modulus; 0 of 0. */
void yf_mod_inv(const struct mod *f, limb *r, const limb *a);
/* a^e in Montgomery form; e is public, big-endian bytes. */
void yf_mod_exp(const struct mod *f, limb *r, const limb *a, const uint8_t *e, size_t size);
/*
 * A square root in Montgomery form, of a prime modulus; false if there is none. For
 * public numbers: its time tells about them.
 */
bool yf_mod_sqrt(const struct mod *f, limb *r, const limb *a);
/* Any number of big-endian bytes, reduced; not in Montgomery form. */
void yf_mod_reduce(const struct mod *f, limb *r, const uint8_t *bytes, size_t size);

#endif
