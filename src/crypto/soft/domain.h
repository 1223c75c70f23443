/* SPDX-License-Identifier: Apache-2.0 */
/*
 * domain - what group.c and sign.c share: a curve made ready, and the way between
 * octet strings and the numbers and points of points.h.
 */
#ifndef YUFU_CRYPTO_SOFT_DOMAIN_H
#define YUFU_CRYPTO_SOFT_DOMAIN_H

#include "points.h"

#include <yufu/crypto/group.h>

/*
 * Fills g->own and g->ready for g->curve. YF_E_UNSUPPORTED for a size we do not
 * have, YF_E_FORMAT for parameters that are no curve, or not of the generator's order.
 */
YF_MUST yf_err yf_dom_open(yf_group *g);
struct dom yf_dom_of(const yf_group *g);

static inline const struct yf_points *
yf_points_of(const yf_group *g)
{
    return g->own;
}

/* A scalar in [1, n-1], else YF_E_FORMAT; all that is told of it is that. */
YF_MUST yf_err yf_scalar_get(const yf_group *g, const struct dom *c, const uint8_t *bytes, limb *k);

/* Decode and check; the uncompressed form in constant time but for the verdict. */
YF_MUST yf_err yf_point_get(const yf_group *g, const struct dom *c, yf_span bytes,
                            struct affine *p);
void yf_point_put(const yf_group *g, const struct dom *c, const struct affine *p, uint8_t *bytes);

#endif
