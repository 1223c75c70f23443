/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jacobian - points (x/z^2, y/z^3) and their sums, over any field. Included once
 * by the file of a curve, after its field: fe, FE_LIMBS, fe_add, fe_sub, fe_half,
 * fe_mul, fe_sqr, fe_take, fe_zero; and FE_TIMES_A unless the curve has a = -3.
 *
 * z = 0 is the identity. The formulas of additions are not complete: jac_add is
 * right when neither point is the identity and they are not equal, and says so if
 * they are. That a multiplication by a secret meets no other case is argued where it
 * stands (multiply.h, comb.h). On a curve of odd prime order no point doubles to the
 * identity.
 */
struct jac {
    fe x, y, z;
};

struct aff {
    fe x, y;
};

static void
jac_from(const struct dom *c, struct jac *r, const struct aff *p)
{
    limb one[YF_LIMBS];

    yf_mod_one(&c->p, one);
    r->x = p->x;
    r->y = p->y;
    for (unsigned i = 0; i < FE_LIMBS; i++)
        r->z.w[i] = one[i];
}

static void
jac_take(const struct dom *c, struct jac *r, limb mask, const struct jac *p)
{
    fe_take(c, &r->x, mask, &p->x);
    fe_take(c, &r->y, mask, &p->y);
    fe_take(c, &r->z, mask, &p->z);
}

static void
fe_negate(const struct dom *c, fe *r, limb mask)
{
    const fe zero = { 0 };
    fe t;

    fe_sub(c, &t, &zero, r);
    fe_take(c, r, mask, &t);
}

/*
 * The order of steps below is that of the formulas no further than it must be: next
 * to each other stand those that do not wait for each other.
 */

/* (3 x^2 + a z^4) / 2, the slope times z; zz = z^2. */
static inline void
slope(const struct dom *c, fe *r, const struct jac *p, const fe *zz)
{
    fe t, u;

#ifdef FE_TIMES_A
    if (!c->a_is_minus_3) {
        fe_sqr(c, &t, zz);
        FE_TIMES_A(c, &t, &t);
        fe_sqr(c, &u, &p->x);
        fe_add(c, &t, &t, &u);
        fe_half(c, &t, &t);
        fe_add(c, r, &t, &u);
        return;
    }
#endif
    fe_add(c, &u, &p->x, zz); // a = -3: 3 (x + z^2)(x - z^2)
    fe_sub(c, &t, &p->x, zz);
    fe_mul(c, &t, &t, &u);
    fe_half(c, &u, &t);
    fe_add(c, r, &t, &u);
}

/*
 * With l = slope and z' = y z: x' = l^2 - 2 x y^2, y' = l (x y^2 - x') - y^4. (The
 * usual result, divided by 2 in z.)
 */
static void
jac_dbl(const struct dom *c, struct jac *r, const struct jac *p)
{
    fe l, s, t, yy;

    fe_sqr(c, &t, &p->z);
    fe_sqr(c, &yy, &p->y);
    slope(c, &l, p, &t);
    fe_mul(c, &s, &p->x, &yy);
    fe_sqr(c, &t, &l);
    fe_mul(c, &r->z, &p->y, &p->z);
    fe_sub(c, &t, &t, &s);
    fe_sub(c, &r->x, &t, &s);
    fe_sub(c, &s, &s, &r->x);
    fe_sqr(c, &yy, &yy);
    fe_mul(c, &s, &l, &s);
    fe_sub(c, &r->y, &s, &yy);
}

/*
 * The rest of an addition, for x1 and y1 brought to z1 z2 = r->z, and h, l the
 * differences of the abscissas and ordinates there: z' = z h, x' = l^2 - h^3 - 2 x1 h^2,
 * y' = l (x1 h^2 - x') - y1 h^3. A mask: the points are equal.
 */
static inline limb
join(const struct dom *c, struct jac *r, const fe *x1, const fe *y1, const fe *h, const fe *l)
{
    fe hh, t, v;
    limb same = fe_zero(c, h) & fe_zero(c, l);

    fe_sqr(c, &hh, h);
    fe_sqr(c, &t, l);
    fe_mul(c, &r->z, &r->z, h);
    fe_mul(c, &v, x1, &hh);
    fe_mul(c, &hh, &hh, h);
    fe_sub(c, &t, &t, &v);
    fe_sub(c, &t, &t, &v);
    fe_sub(c, &r->x, &t, &hh);
    fe_mul(c, &hh, y1, &hh);
    fe_sub(c, &v, &v, &r->x);
    fe_mul(c, &v, &v, l);
    fe_sub(c, &r->y, &v, &hh);
    return same;
}

/* r = p + q. A mask: p = q, and r is not their sum. */
static limb
jac_add(const struct dom *c, struct jac *r, const struct jac *p, const struct jac *q)
{
    fe pp, qq, x1, y1, h, l;

    fe_sqr(c, &qq, &q->z);
    fe_sqr(c, &pp, &p->z);
    fe_mul(c, &x1, &p->x, &qq);
    fe_mul(c, &h, &q->x, &pp);
    fe_mul(c, &qq, &qq, &q->z);
    fe_mul(c, &pp, &pp, &p->z);
    fe_sub(c, &h, &h, &x1);
    fe_mul(c, &y1, &p->y, &qq);
    fe_mul(c, &l, &q->y, &pp);
    fe_mul(c, &r->z, &p->z, &q->z);
    fe_sub(c, &l, &l, &y1);
    return join(c, r, &x1, &y1, &h, &l);
}

/* r = p + q, whatever p and q but the identity. */
static void
jac_add_any(const struct dom *c, struct jac *r, const struct jac *p, const struct jac *q)
{
    struct jac twice;

    jac_dbl(c, &twice, p);
    limb same = jac_add(c, r, p, q);
    jac_take(c, r, same, &twice);
}

/* ---- to and from the seam ---- */

static void
fe_get(const struct dom *c, fe *r, const limb *a)
{
    for (unsigned i = 0; i < FE_LIMBS; i++)
        r->w[i] = i < c->p.n ? a[i] : 0;
}

static void
fe_put(const struct dom *c, limb *r, const fe *a)
{
    for (unsigned i = 0; i < c->p.n; i++)
        r[i] = a->w[i];
}

static void
aff_get(const struct dom *c, struct aff *r, const struct affine *p)
{
    fe_get(c, &r->x, p->x);
    fe_get(c, &r->y, p->y);
}

/* The identity comes out as (0, 0). */
static void
jac_put(const struct dom *c, struct affine *r, const struct jac *p)
{
    struct {
        limb inv[YF_LIMBS];
        fe i, ii, t;
    } w;

    fe_put(c, w.inv, &p->z);
    yf_mod_inv(&c->p, w.inv, w.inv);
    fe_get(c, &w.i, w.inv);
    fe_sqr(c, &w.ii, &w.i);
    fe_mul(c, &w.t, &p->x, &w.ii);
    fe_put(c, r->x, &w.t);
    fe_mul(c, &w.ii, &w.ii, &w.i);
    fe_mul(c, &w.t, &p->y, &w.ii);
    fe_put(c, r->y, &w.t);
    yf_wipe(&w, sizeof w); // x/z^2 alone tells less than x, y and z
}

static limb
points_add(const struct dom *c, const struct affine *a, const struct affine *b, struct affine *r)
{
    struct {
        struct aff t;
        struct jac p, q;
    } w;

    aff_get(c, &w.t, a);
    jac_from(c, &w.p, &w.t);
    aff_get(c, &w.t, b);
    jac_from(c, &w.q, &w.t);
    jac_add_any(c, &w.p, &w.p, &w.q);
    jac_put(c, r, &w.p);
    limb identity = fe_zero(c, &w.p.z);
    yf_wipe(&w, sizeof w);
    return identity;
}
