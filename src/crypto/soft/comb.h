/* SPDX-License-Identifier: Apache-2.0 */
/*
 * comb - the generator by a secret scalar, over jacobian.h, for curves of 256
 * bits with a table. Included once by the file of a curve, after the table.
 *
 * The 256 digits 1 or -1 of recode.h are read by a comb: its TEETH teeth are SPAN
 * digits apart, and for each of SPAN columns the digits under the teeth choose an
 * entry of a table. Columns stand in BLOCKS blocks of DEEP; each block has its own
 * table, of multiples 2^(DEEP block) of those of the first, so that DEEP - 1
 * doublings serve all. The entry i of a table is
 *
 *     2^(DEEP block) (2^(256 - SPAN) + sum of s_j 2^(SPAN j), j < TEETH - 1) G
 *
 * with s_j = 1 where bit j of i is set, else -1. The uppermost tooth is at
 * 256 - SPAN, as high as it can be: where it overlaps the one below, that one reads
 * digits which are always 1 and were taken off the scalar before.
 *
 * No sum on the way is the identity, and no two operands are equal or opposite
 * but in the last addition: the operands are signed sums of powers of two whose
 * lowest occurs once, so neither they nor their sum or difference is zero; and while
 * a power of 2^225 or more is missing, they are below n > 2^256 - 2^225 in size (the
 * digits read twice add less than 2^216). The last sum is k or k - n, so its operands
 * are not opposite; but for two scalars k they are equal modulo n: that addition is
 * jac_add_any.
 */
enum { ENTRIES = 1 << (TEETH - 1), BLOCKS = (SPAN + DEEP - 1) / DEEP };

static inline unsigned
comb_bit(const limb *bits, unsigned at)
{
    return (unsigned)(bits[at / YF_LIMB_BITS] >> at % YF_LIMB_BITS) & 1;
}

/* The digits of k less those that are read twice. */
static void
comb_recode(const struct dom *c, limb *bits, const limb *k)
{
    const unsigned low = 256 - SPAN - 1, high = (TEETH - 1) * SPAN - 1;
    limb_carry carry = 0, borrow = 0;

    recode(&c->n, bits, k);
    for (unsigned i = 0; i < N256; i++) {
        limb add = i == low / YF_LIMB_BITS ? (limb)1 << low % YF_LIMB_BITS : 0;
        limb sub = i == high / YF_LIMB_BITS ? (limb)1 << high % YF_LIMB_BITS : 0;
        bits[i] = limb_sub(limb_add(bits[i], add, &carry), sub, &borrow);
    }
}

static struct digit
comb_digit(const limb *bits, unsigned column)
{
    unsigned u = comb_bit(bits, 256 - SPAN + column);

    for (unsigned j = TEETH - 1; j-- > 0;) {
        unsigned at = j * SPAN + column;
        u = u << 1 | (at < 256 - SPAN ? comb_bit(bits, at) : 1);
    }
    return digit_of(u, TEETH);
}

static void
comb_pick(const struct dom *c, struct aff *r, const limb (*table)[2 * N256], struct digit d)
{
    limb w[2 * N256] = { 0 };

    for (limb i = 0; i < ENTRIES; i++) {
        limb mask = limb_eq(i, d.index);
        LIMB_UNROLL
        for (unsigned j = 0; j < 2 * N256; j++)
            w[j] |= table[i][j] & mask;
    }
    for (unsigned j = 0; j < N256; j++) {
        r->x.w[j] = w[j];
        r->y.w[j] = w[N256 + j];
    }
    fe_negate(c, &r->y, d.minus);
}

/* As jac_add. */
static limb
jac_add_affine(const struct dom *c, struct jac *r, const struct jac *p, const struct aff *q)
{
    const fe x1 = p->x, y1 = p->y;
    fe zz, h, l;

    fe_sqr(c, &zz, &p->z);
    r->z = p->z;
    fe_mul(c, &h, &q->x, &zz);
    fe_mul(c, &zz, &zz, &r->z);
    fe_sub(c, &h, &h, &x1);
    fe_mul(c, &l, &q->y, &zz);
    fe_sub(c, &l, &l, &y1);
    return join(c, r, &x1, &y1, &h, &l);
}

struct comb {
    struct jac sum, last;
    struct aff entry;
    limb bits[YF_LIMBS];
};

static void
comb_mul(const struct dom *c, struct comb *w, const limb *k)
{
    comb_recode(c, w->bits, k);
    for (unsigned row = DEEP; row-- > 0;) {
        if (row < DEEP - 1)
            jac_dbl(c, &w->sum, &w->sum);
        for (unsigned block = 0; block * DEEP + row < SPAN; block++) {
            comb_pick(c, &w->entry, comb[block], comb_digit(w->bits, block * DEEP + row));
            if (row == DEEP - 1 && block == 0)
                jac_from(c, &w->sum, &w->entry);
            else if (row > 0 || (block + 1) * DEEP < SPAN)
                jac_add_affine(c, &w->sum, &w->sum, &w->entry);
        }
    }
    jac_from(c, &w->last, &w->entry);
    jac_add_any(c, &w->sum, &w->sum, &w->last);
}

static void
points_mul(const struct dom *c, const limb *k, const struct affine *q, struct affine *r)
{
    struct comb w;

    if (q) {
        ladder_mul(c, k, q, r);
        return;
    }
    comb_mul(c, &w, k);
    jac_put(c, r, &w.sum);
    yf_wipe(&w, sizeof w);
}

/* ---- by a public scalar, for check.h ---- */

struct base {
    limb bits[YF_LIMBS];
    bool none;
};

static void
base_ready(const struct dom *c, struct base *b, const limb *u)
{
    b->none = yf_limbs_zero(u, N256);
    if (!b->none)
        comb_recode(c, b->bits, u);
}

static void
public_add_affine(const struct dom *c, struct jac *r, const struct aff *q)
{
    struct jac sum;

    if (fe_zero(c, &r->z))
        jac_from(c, r, q);
    else if (jac_add_affine(c, &sum, r, q))
        jac_dbl(c, r, r);
    else
        *r = sum;
}

static void
base_add(const struct dom *c, const struct base *b, struct jac *r, unsigned row)
{
    if (row >= DEEP || b->none)
        return;
    for (unsigned block = 0; block * DEEP + row < SPAN; block++) {
        struct digit d = comb_digit(b->bits, block * DEEP + row);
        struct aff q;
        for (unsigned i = 0; i < N256; i++) {
            q.x.w[i] = comb[block][d.index][i];
            q.y.w[i] = comb[block][d.index][N256 + i];
        }
        fe_negate(c, &q.y, d.minus);
        public_add_affine(c, r, &q);
    }
}
