/* SPDX-License-Identifier: Apache-2.0 */
/*
 * points - the seam between the checks and signatures of a group and the
 * arithmetic of its curve, of which there are three: for SM2, for P-256 and for
 * any curve. Each is jacobian.h compiled over its own field.
 */
#ifndef YUFU_CRYPTO_SOFT_POINTS_H
#define YUFU_CRYPTO_SOFT_POINTS_H

#include "mod.h"

/* A curve made ready: everything modulo p in Montgomery form. Borrows its numbers. */
struct dom {
    struct mod p, n;
    const limb *a, *b, *gx, *gy;
    bool a_is_minus_3;
};

/* A point that is not the identity, in Montgomery form. */
struct affine {
    limb x[YF_LIMBS], y[YF_LIMBS];
};

struct yf_points {
    /* r = k q, or k G if q is NULL; k in [1, n-1]; constant time in k and q. */
    void (*mul)(const struct dom *c, const limb *k, const struct affine *q, struct affine *r);
    /* r = a + b, or a mask if that is the identity; constant time. */
    limb (*add)(const struct dom *c, const struct affine *a, const struct affine *b,
                struct affine *r);
    /*
     * Is x, below n, the abscissa of u G + v q modulo n? u and v below n. All of
     * it is public, and takes the time it needs.
     */
    bool (*check)(const struct dom *c, const limb *u, const limb *v, const struct affine *q,
                  const limb *x);
};

extern const struct yf_points yf_points_any, yf_points_sm2, yf_points_p256;

#endif
