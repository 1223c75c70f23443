/* SPDX-License-Identifier: Apache-2.0 */
/*
 * naf - multiples of a point by a public scalar, over jacobian.h. Included once
 * by the file of a curve. Everything here is public, and branches on what it sees.
 */
enum { NAF = YF_LIMB_BITS == 64 ? 5 : 4, NAF_ENTRIES = 1 << (NAF - 2), NAF_DIGITS = 521 + 1 };

/* r = r + q, whatever they are but q the identity. */
static void
public_add(const struct dom *c, struct jac *r, const struct jac *q)
{
    if (fe_zero(c, &r->z))
        *r = *q;
    else if (jac_add(c, r, r, q))
        jac_dbl(c, r, q);
}

/* Digits of k, one a bit and one more, zero or odd; at most every NAF-th is not zero. */
static void
naf(const struct dom *c, int8_t *digits, const limb *k)
{
    unsigned at = 0, carry = 0, n = c->n.bits + 1;

    while (at < n) {
        unsigned u = bits_at(k, c->n.n, at, NAF) + carry;
        if (!(u & 1)) {
            digits[at++] = 0;
            continue;
        }
        carry = u >> (NAF - 1);
        digits[at++] = (int8_t)((int)u - (int)(carry << NAF));
        for (unsigned i = 1; i < NAF && at < n; i++)
            digits[at++] = 0;
    }
}

/* r = r + digit q, for the table of odd multiples of q. */
static void
naf_add(const struct dom *c, struct jac *r, const struct jac *table, int digit)
{
    if (digit == 0)
        return;
    struct jac q = table[(digit > 0 ? digit : -digit) / 2];
    fe_negate(c, &q.y, digit < 0 ? (limb)-1 : 0);
    public_add(c, r, &q);
}
