/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check - the sum u G + v q of a verification, over jacobian.h. Included once by
 * the file of a curve, which has said how it multiplies the generator:
 *
 *     struct base;
 *     static void base_ready(const struct dom *c, struct base *b, const limb *u);
 *     static void base_add(const struct dom *c, const struct base *b, struct jac *r, unsigned row);
 *
 * where u G is the sum of 2^row times what base_add adds. All of it is public.
 */
struct check {
    struct base base;
    struct jac table[NAF_ENTRIES], sum;
    int8_t digits[NAF_DIGITS];
};

static bool
is_abscissa(const struct dom *c, const struct jac *p, const limb *x)
{
    limb in[YF_LIMBS];
    fe zz, t;

    if (!yf_limbs_below(x, c->p.m, c->p.n))
        return false;
    yf_mod_in(&c->p, in, x);
    fe_get(c, &t, in);
    fe_sqr(c, &zz, &p->z);
    fe_mul(c, &t, &t, &zz);
    fe_sub(c, &t, &t, &p->x);
    return fe_zero(c, &t);
}

/* p < 2 n (Hasse), so an abscissa that is x modulo n is x or x + n. */
static bool
has_abscissa(const struct dom *c, const struct jac *p, const limb *x)
{
    limb next[YF_LIMBS];
    limb_carry carry = 0;

    if (fe_zero(c, &p->z))
        return false;
    for (unsigned i = 0; i < c->p.n; i++)
        next[i] = limb_add(x[i], c->n.m[i], &carry);
    return is_abscissa(c, p, x) || (!carry && is_abscissa(c, p, next));
}

static bool
points_check(const struct dom *c, const limb *u, const limb *v, const struct affine *q,
             const limb *x)
{
    struct check w = { 0 };
    struct aff p;

    aff_get(c, &p, q);
    odd_multiples(c, w.table, NAF_ENTRIES, &p);
    naf(c, w.digits, v);
    base_ready(c, &w.base, u);
    for (unsigned row = c->n.bits + 1; row-- > 0;) {
        jac_dbl(c, &w.sum, &w.sum);
        naf_add(c, &w.sum, w.table, w.digits[row]);
        base_add(c, &w.base, &w.sum, row);
    }
    return has_abscissa(c, &w.sum, x);
}
