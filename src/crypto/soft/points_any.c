/* SPDX-License-Identifier: Apache-2.0 */
/* Any curve: a field whose prime is known at run time. */
#include "points.h"

#include "recode.h"

#include <yufu/base.h>

enum { FE_LIMBS = YF_LIMBS };

typedef struct fe {
    limb w[YF_LIMBS];
} fe;

static inline void
fe_add(const struct dom *c, fe *r, const fe *a, const fe *b)
{
    yf_mod_add(&c->p, r->w, a->w, b->w);
}

static inline void
fe_sub(const struct dom *c, fe *r, const fe *a, const fe *b)
{
    yf_mod_sub(&c->p, r->w, a->w, b->w);
}

static inline void
fe_mul(const struct dom *c, fe *r, const fe *a, const fe *b)
{
    yf_mod_mul(&c->p, r->w, a->w, b->w);
}

static inline void
fe_sqr(const struct dom *c, fe *r, const fe *a)
{
    yf_mod_mul(&c->p, r->w, a->w, a->w);
}

static inline void
fe_half(const struct dom *c, fe *r, const fe *a)
{
    yf_mod_half(&c->p, r->w, a->w);
}

static inline void
times_a(const struct dom *c, fe *r, const fe *a)
{
    yf_mod_mul(&c->p, r->w, a->w, c->a);
}

static inline void
fe_take(const struct dom *c, fe *r, limb mask, const fe *a)
{
    yf_limbs_take(r->w, mask, a->w, c->p.n);
}

static inline limb
fe_zero(const struct dom *c, const fe *a)
{
    return yf_limbs_zero(a->w, c->p.n);
}

#define FE_TIMES_A times_a
#include "jacobian.h"

#include "multiply.h"

#include "naf.h"

static void
points_mul(const struct dom *c, const limb *k, const struct affine *q, struct affine *r)
{
    struct affine g;

    if (!q) {
        for (unsigned i = 0; i < c->p.n; i++) {
            g.x[i] = c->gx[i];
            g.y[i] = c->gy[i];
        }
        q = &g;
    }
    ladder_mul(c, k, q, r);
}

struct base {
    struct jac table[NAF_ENTRIES];
    int8_t digits[NAF_DIGITS];
};

static void
base_ready(const struct dom *c, struct base *b, const limb *u)
{
    struct aff g;

    fe_get(c, &g.x, c->gx);
    fe_get(c, &g.y, c->gy);
    odd_multiples(c, b->table, NAF_ENTRIES, &g);
    naf(c, b->digits, u);
}

static void
base_add(const struct dom *c, const struct base *b, struct jac *r, unsigned row)
{
    naf_add(c, r, b->table, b->digits[row]);
}

#include "check.h"

const struct yf_points yf_points_any = { .mul = points_mul,
                                         .add = points_add,
                                         .check = points_check };
