/* SPDX-License-Identifier: Apache-2.0 */
/*
 * multiply - a point by a secret scalar, over jacobian.h. Included once by the
 * file of a curve.
 *
 * The scalar is written in odd digits (recode.h), taken from the top down, and
 * every entry of a table is read for each. The sums met on the way are odd
 * multiples of the base by integers, hence never zero, and below n / 2 in size but
 * for the last: so in an addition neither operand is the identity (one is an even
 * multiple, the other an odd digit), and they are not equal or opposite. The last
 * sum is k or k - n. Its operands are not opposite, because k is not 0 modulo n,
 * but for k = 2 d, d the last digit, they may be equal modulo n: that one addition
 * is jac_add_any.
 */
enum { WINDOW = YF_LIMB_BITS == 64 ? 5 : 4 };

/* r = entry i of a table of odd multiples. */
static void
jac_pick(const struct dom *c, struct jac *r, const struct jac *table, struct digit d)
{
    *r = table[0];
    for (limb i = 1; i < (limb)1 << (WINDOW - 1); i++)
        jac_take(c, r, limb_eq(i, d.index), &table[i]);
    fe_negate(c, &r->y, d.minus);
}

/* 1, 3, 5, ... times p. */
static void
odd_multiples(const struct dom *c, struct jac *table, unsigned n, const struct aff *p)
{
    struct jac twice;

    jac_from(c, &table[0], p);
    jac_dbl(c, &twice, &table[0]);
    for (unsigned i = 1; i < n; i++)
        jac_add(c, &table[i], &table[i - 1], &twice);
}

struct ladder {
    struct jac table[1 << (WINDOW - 1)];
    struct jac sum, entry;
    limb bits[YF_LIMBS];
};

static void
jac_mul(const struct dom *c, struct ladder *w, const limb *k, const struct aff *p)
{
    unsigned at = c->n.bits, size = (at - 1) % WINDOW + 1;

    odd_multiples(c, w->table, 1 << (WINDOW - 1), p);
    recode(&c->n, w->bits, k);
    at -= size;
    jac_pick(c, &w->sum, w->table, digit_of(bits_at(w->bits, c->n.n, at, size), size));
    while (at) {
        at -= WINDOW;
        for (unsigned i = 0; i < WINDOW; i++)
            jac_dbl(c, &w->sum, &w->sum);
        jac_pick(c, &w->entry, w->table, digit_of(bits_at(w->bits, c->n.n, at, WINDOW), WINDOW));
        if (at)
            jac_add(c, &w->sum, &w->sum, &w->entry);
    }
    jac_add_any(c, &w->sum, &w->sum, &w->entry);
}

static void
ladder_mul(const struct dom *c, const limb *k, const struct affine *q, struct affine *r)
{
    struct ladder w;
    struct aff p;

    aff_get(c, &p, q);
    jac_mul(c, &w, k, &p);
    jac_put(c, r, &w.sum);
    yf_wipe(&w, sizeof w);
}
