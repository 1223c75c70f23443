/* SPDX-License-Identifier: Apache-2.0 */
/* What the vectors do not reach: scalars and points that are special to this arithmetic. */
#include "crypto/soft/soft.h"

#include "../rnd.h"
#include "../t.h"

#include <openssl/ec.h>
#include <openssl/obj_mac.h>

static const struct yf_group_ops *const ops = &yf_soft_group;

/* The group a test is about, and short words for what is done with it. */
static yf_group g;
static size_t size;
static struct rnd rnd;

typedef struct {
    uint8_t b[YF_FIELD_MAX];
} num;

typedef struct {
    uint8_t b[YF_POINT_MAX];
} pt;

static yf_span
span(const pt *p)
{
    return (yf_span){ p->b, 1 + 2 * size };
}

static num
word(unsigned long w)
{
    num r = { { 0 } };

    for (size_t i = size; w; w >>= 8)
        r.b[--i] = (uint8_t)w;
    return r;
}

static num
order(void)
{
    num r = { { 0 } };

    memcpy(r.b, g.curve->n, size);
    return r;
}

/* Modulo n. */
static num
plus(num a, num b)
{
    num r = { { 0 } };

    T_OK(ops->mod_add(&g, YF_MOD_N, a.b, b.b, r.b));
    return r;
}

static num
minus(num a, num b)
{
    num r = { { 0 } };

    T_OK(ops->mod_sub(&g, YF_MOD_N, a.b, b.b, r.b));
    return r;
}

static num
times(num a, num b)
{
    num r = { { 0 } };

    T_OK(ops->mod_mul(&g, YF_MOD_N, a.b, b.b, r.b));
    return r;
}

static num
over(num a, num b)
{
    num r = { { 0 } };

    T_OK(ops->mod_inv(&g, YF_MOD_N, b.b, r.b));
    return times(a, r);
}

static num
any(void)
{
    num r = { { 0 } };
    uint8_t bytes[2 * YF_FIELD_MAX];

    rnd_fill(&rnd, bytes, sizeof bytes);
    T_OK(ops->mod_reduce(&g, YF_MOD_N, YF_SPAN(bytes), r.b));
    return r;
}

static pt
of_generator(num k)
{
    pt r = { { 0 } };

    T_OK(ops->mul(&g, k.b, (yf_span){ 0 }, r.b));
    return r;
}

static pt
of_point(num k, pt p)
{
    pt r = { { 0 } };

    T_OK(ops->mul(&g, k.b, span(&p), r.b));
    return r;
}

static pt
sum(pt a, pt b)
{
    pt r = { { 0 } };

    T_OK(ops->add(&g, span(&a), span(&b), r.b));
    return r;
}

static pt
opposite(pt p)
{
    num y, zero = { { 0 } };

    T_OK(ops->mod_sub(&g, YF_MOD_P, zero.b, p.b + 1 + size, y.b));
    memcpy(p.b + 1 + size, y.b, size);
    return p;
}

static void
same(pt a, pt b)
{
    T_MEM(a.b, b.b, 1 + 2 * size);
}

/* k G, by the comb or ladder of the generator and by the ladder of any point. */
static void
is_multiple(num k, pt want)
{
    same(of_generator(k), want);
    same(of_point(k, of_generator(word(1))), want);
}

static void
open_curve(const yf_curve *curve)
{
    T_OK(yf_group_open(&g, ops, curve));
    size = curve->size;
    rnd.state = 1;
}

/* arg: run this on every curve. */
static void
on_every_curve(void (*run)(void))
{
    for (const yf_curve *const *c = yf_curves; *c; c++) {
        open_curve(*c);
        run();
        yf_group_close(&g);
    }
}

#define EVERY(name)                                                                                \
    static void name##_one(void);                                                                  \
    static void name(void **st)                                                                    \
    {                                                                                              \
        (void)st;                                                                                  \
        on_every_curve(name##_one);                                                                \
    }                                                                                              \
    static void name##_one(void)

/* ---- multiples ---- */

EVERY(small_scalars_and_their_opposites)
{
    const pt one = of_generator(word(1));
    pt p = one;

    for (unsigned i = 1; i <= (size > 32 ? 10 : 80); i++) {
        is_multiple(word(i), p);
        is_multiple(minus((num){ { 0 } }, word(i)), opposite(p));
        p = sum(p, one);
    }
}

/* 2^i, and 2^i - 1 and 2^i + 1: windows of zeros and of ones. */
EVERY(powers_of_two)
{
    const pt one = of_generator(word(1));
    num k = word(2);
    pt p = sum(one, one);

    for (unsigned i = 1; i + 1 < g.curve->order_bits; i++) {
        if (i < 12 || i % (size > 32 ? 29 : 7) == 0) {
            is_multiple(k, p);
            is_multiple(plus(k, word(1)), sum(p, one));
            is_multiple(minus(k, word(1)), i == 1 ? one : sum(p, opposite(one)));
        }
        k = plus(k, k);
        p = sum(p, p);
    }
}

/* The same bits all along. */
EVERY(patterns)
{
    static const uint8_t bytes[] = { 0x55, 0xAA, 0x0F, 0xF0, 0x7F, 0x80, 0x01, 0x11, 0x84, 0xFE };

    for (size_t i = 0; i < sizeof bytes; i++) {
        num k = { { 0 } }, rest = any();
        memset(k.b + 1, bytes[i], size - 1);
        pt p = sum(of_point(minus(k, rest), of_generator(word(1))), of_generator(rest));
        is_multiple(k, p);
    }
}

EVERY(out_of_range_is_refused)
{
    pt r, one = of_generator(word(1));
    num n = order();

    memset(r.b, 0xA5, sizeof r.b);
    T_ERR(YF_E_FORMAT, ops->mul(&g, word(0).b, (yf_span){ 0 }, r.b));
    T_ERR(YF_E_FORMAT, ops->mul(&g, word(0).b, span(&one), r.b));
    T_ERR(YF_E_FORMAT, ops->mul(&g, n.b, (yf_span){ 0 }, r.b));
    n.b[size - 1]++; // odd, so no carry
    T_ERR(YF_E_FORMAT, ops->mul(&g, n.b, span(&one), r.b));
    memset(n.b, 0xFF, size);
    T_ERR(YF_E_FORMAT, ops->mul(&g, n.b, (yf_span){ 0 }, r.b));
    for (size_t i = 0; i < sizeof r.b; i++)
        T(r.b[i] == 0xA5);
}

/* ---- sums ---- */

EVERY(sums_commute_and_associate)
{
    for (unsigned i = 0; i < 5; i++) {
        num a = any(), b = any(), c = any();
        pt p = of_generator(a), q = of_generator(b), r = of_generator(c);
        same(sum(p, q), sum(q, p));
        same(sum(sum(p, q), r), sum(p, sum(q, r)));
        same(sum(p, q), of_generator(plus(a, b)));
        same(of_point(b, p), of_point(a, q));
        same(of_point(b, p), of_generator(times(a, b)));
    }
}

EVERY(sums_of_equal_and_opposite_points)
{
    pt p = of_generator(any()), r;

    same(sum(p, p), of_point(word(2), p));
    same(sum(opposite(p), opposite(p)), opposite(sum(p, p)));
    memset(r.b, 0xA5, sizeof r.b);
    pt q = opposite(p);
    T_ERR(YF_E_FORMAT, ops->add(&g, span(&p), span(&q), r.b));
    T(r.b[0] == 0xA5 && r.b[2 * size] == 0xA5);
    q.b[2 * size] ^= 1;
    T_ERR(YF_E_FORMAT, ops->add(&g, span(&p), span(&q), r.b));
    T_ERR(YF_E_FORMAT, ops->add(&g, span(&q), span(&p), r.b));
}

/* ---- decoding ---- */

static void
refused(pt p, size_t n)
{
    pt r;
    yf_span in = { p.b, n };

    memset(r.b, 0xA5, sizeof r.b);
    T_ERR(YF_E_FORMAT, ops->decode(&g, in, r.b));
    T(r.b[0] == 0xA5);
    if (n > 0) // to mul, an empty base is the generator
        T_ERR(YF_E_FORMAT, ops->mul(&g, word(1).b, in, r.b));
}

EVERY(every_form_but_five_is_refused)
{
    pt p = of_generator(any());
    uint8_t odd = p.b[2 * size] & 1;

    for (unsigned form = 0; form < 256; form++) {
        p.b[0] = (uint8_t)form;
        if (form != 4 && form != 6u + odd)
            refused(p, 1 + 2 * size);
        if (form != 2 && form != 3)
            refused(p, 1 + size);
        refused(p, 1);
    }
    refused(p, 0);
}

EVERY(every_other_length_is_refused)
{
    pt p = of_generator(any());

    for (unsigned form = 2; form < 8; form++)
        for (size_t n = 0; n <= YF_POINT_MAX; n++) {
            p.b[0] = (uint8_t)form;
            if (n != 1 + size && n != 1 + 2 * size)
                refused(p, n);
        }
}

EVERY(off_the_curve_is_refused)
{
    pt p = of_generator(any()), q = p;

    for (size_t i = 1; i < 1 + 2 * size; i += 5) {
        p.b[i] ^= 0x10;
        refused(p, 1 + 2 * size);
        p.b[i] ^= 0x10;
    }
    memset(q.b + 1, 0, 2 * size);
    refused(q, 1 + 2 * size);
    for (unsigned i = 0, none = 0; i < 64; i++, none = 0) { // half of all x are on no point
        pt r;
        q.b[0] = 2;
        memcpy(q.b + 1, word(i).b, size);
        none = ops->decode(&g, (yf_span){ q.b, 1 + size }, r.b) != YF_OK;
        if (!none)
            T_OK(ops->decode(&g, span(&r), r.b));
        q.b[0] = 3;
        T((ops->decode(&g, (yf_span){ q.b, 1 + size }, r.b) != YF_OK) == none);
    }
}

/* x + p and y + p for a point with small coordinates, and p itself for 0. */
EVERY(coordinates_of_p_and_above_are_refused)
{
    pt p = of_generator(any()), q = p;
    BIGNUM *prime = BN_bin2bn(g.curve->p, (int)size, NULL), *x = BN_new();

    for (size_t at = 1; at < 2 * size; at += size) {
        T(BN_bin2bn(p.b + at, (int)size, x) && BN_add(x, x, prime));
        if (BN_bn2binpad(x, q.b + at, (int)size) > 0)
            refused(q, 1 + 2 * size);
        memcpy(q.b + at, g.curve->p, size);
        refused(q, 1 + 2 * size);
        memset(q.b + at, 0xFF, size);
        refused(q, 1 + 2 * size);
        q = p;
    }
    for (unsigned i = 1; i < 40; i++) { // small x, compressed, and the same plus p
        pt r;
        q.b[0] = 2;
        memcpy(q.b + 1, word(i).b, size);
        if (ops->decode(&g, (yf_span){ q.b, 1 + size }, r.b))
            continue;
        T(BN_copy(x, prime) && BN_add_word(x, i));
        if (BN_bn2binpad(x, q.b + 1, (int)size) > 0)
            refused(q, 1 + size);
    }
    BN_free(prime), BN_free(x);
}

/* ---- numbers ---- */

EVERY(numbers_out_of_range_are_refused)
{
    const uint8_t *const moduli[] = { g.curve->p, g.curve->n };
    num r, one = word(1), high;

    for (enum yf_mod m = YF_MOD_P; m <= YF_MOD_N; m++) {
        memcpy(high.b, moduli[m], size);
        for (unsigned turn = 0; turn < 2; turn++) {
            memset(r.b, 0xA5, sizeof r.b);
            T_ERR(YF_E_FORMAT, ops->mod_add(&g, m, high.b, one.b, r.b));
            T_ERR(YF_E_FORMAT, ops->mod_add(&g, m, one.b, high.b, r.b));
            T_ERR(YF_E_FORMAT, ops->mod_sub(&g, m, high.b, one.b, r.b));
            T_ERR(YF_E_FORMAT, ops->mod_sub(&g, m, one.b, high.b, r.b));
            T_ERR(YF_E_FORMAT, ops->mod_mul(&g, m, high.b, one.b, r.b));
            T_ERR(YF_E_FORMAT, ops->mod_mul(&g, m, one.b, high.b, r.b));
            T_ERR(YF_E_FORMAT, ops->mod_exp(&g, m, high.b, one.b, r.b));
            T_ERR(YF_E_FORMAT, ops->mod_inv(&g, m, high.b, r.b));
            T_ERR(YF_E_FORMAT, ops->mod_inv(&g, m, word(0).b, r.b));
            T(r.b[0] == 0xA5 && r.b[size - 1] == 0xA5);
            memset(high.b, 0xFF, size);
        }
    }
}

/* The same memory for operands and result, as callers like to have it. */
EVERY(numbers_in_place)
{
    num a = any(), b = any(), r = a;

    T_OK(ops->mod_add(&g, YF_MOD_N, r.b, b.b, r.b));
    T_OK(ops->mod_sub(&g, YF_MOD_N, r.b, b.b, r.b));
    T_MEM(r.b, a.b, size);
    T_OK(ops->mod_mul(&g, YF_MOD_N, r.b, r.b, r.b));
    T_MEM(r.b, times(a, a).b, size);
    T_OK(ops->mod_inv(&g, YF_MOD_N, r.b, r.b));
    T_OK(ops->mod_mul(&g, YF_MOD_N, r.b, a.b, r.b));
    T_OK(ops->mod_mul(&g, YF_MOD_N, r.b, a.b, r.b));
    T_MEM(r.b, word(1).b, size);
    T_OK(ops->mod_exp(&g, YF_MOD_N, a.b, word(5).b, r.b));
    T_MEM(r.b, times(times(times(a, a), times(a, a)), a).b, size);
    T_OK(ops->mod_exp(&g, YF_MOD_N, word(0).b, word(0).b, r.b));
    T_MEM(r.b, word(1).b, size);
}

/* ---- signing ---- */

/* A source that gives these numbers in turn, and then fails. */
struct list {
    num k[4];
    unsigned n, given;
};

static yf_err
next_of_list(void *state, const yf_curve *curve, uint8_t *k)
{
    struct list *l = state;

    T(curve == g.curve);
    if (l->given == l->n)
        return YF_E_IO;
    memcpy(k, l->k[l->given++].b, size);
    return YF_OK;
}

typedef yf_err (*signs)(const yf_group *, const uint8_t *d, yf_span, const yf_nonce *, uint8_t *);

/* The first `bad` nonces of the list are passed over, and the last one signs. */
static void
passes_over(signs sign, num d, num e, struct list l)
{
    const yf_nonce nonce = { next_of_list, &l };
    struct list last = { .k = { l.k[l.n - 1] }, .n = 1 };
    const yf_nonce only = { next_of_list, &last };
    uint8_t sig[2 * YF_FIELD_MAX], want[2 * YF_FIELD_MAX];

    T_OK(sign(&g, d.b, (yf_span){ e.b, size }, &nonce, sig));
    T(l.given == l.n);
    T_OK(sign(&g, d.b, (yf_span){ e.b, size }, &only, want));
    T_MEM(sig, want, 2 * size);
    memset(sig, 0xA5, sizeof sig);
    l.given = 0;
    l.n--;
    T_ERR(YF_E_IO, sign(&g, d.b, (yf_span){ e.b, size }, &nonce, sig));
    T(l.given == l.n && sig[0] == 0xA5 && sig[2 * size - 1] == 0xA5);
}

EVERY(nonces_out_of_range_are_passed_over)
{
    num d = any(), e = any(), full;

    memset(full.b, 0xFF, sizeof full.b);
    struct list l = { .k = { word(0), order(), full, any() }, .n = 4 };
    passes_over(ops->ecdsa_sign, d, e, l);
    passes_over(ops->sm2_sign, d, e, l);
}

/* x of k G modulo n */
static num
abscissa(num k)
{
    num r = { { 0 } };

    T_OK(ops->mod_reduce(&g, YF_MOD_N, (yf_span){ of_generator(k).b + 1, size }, r.b));
    return r;
}

/* A digest of the order's size; P-521's bits begin inside a byte, and ECDSA shifts them down. */
static bool
whole_bytes(void)
{
    return g.curve->order_bits % 8 == 0;
}

/* s = (e + r d) / k = 0 */
EVERY(ecdsa_draws_again_for_a_zero_s)
{
    num d = any(), k = any(), zero = { { 0 } };
    num e = minus(zero, times(abscissa(k), d));

    if (whole_bytes())
        passes_over(ops->ecdsa_sign, d, e, (struct list){ .k = { k, any() }, .n = 2 });
}

/* GB/T 32918.2 6.1 A5, A6: r = e + x = 0; r + k = n; s = 0, that is k = r d. */
EVERY(sm2_draws_again)
{
    num d = any(), k = any(), zero = { { 0 } }, x = abscissa(k);
    const num r[] = { zero, minus(zero, k), over(k, d) };

    for (size_t i = 0; i < sizeof r / sizeof *r; i++)
        passes_over(ops->sm2_sign, d, minus(r[i], x), (struct list){ .k = { k, any() }, .n = 2 });
}

static yf_err
stuck(void *state, const yf_curve *curve, uint8_t *k)
{
    ++*(unsigned *)state;
    memset(k, 0, curve->size);
    return YF_OK;
}

EVERY(a_stuck_source_is_noticed)
{
    unsigned n = 0;
    const yf_nonce nonce = { stuck, &n };
    uint8_t sig[2 * YF_FIELD_MAX];
    num d = any(), e = any();

    T_ERR(YF_E_STATE, ops->ecdsa_sign(&g, d.b, (yf_span){ e.b, size }, &nonce, sig));
    T_ERR(YF_E_STATE, ops->sm2_sign(&g, d.b, (yf_span){ e.b, size }, &nonce, sig));
    T(n == 2 * 128);
}

EVERY(keys_out_of_range_are_refused)
{
    num zero = { { 0 } }, last = minus(zero, word(1)), e = any();
    struct list l = { .k = { word(5) }, .n = 1 };
    const yf_nonce nonce = { next_of_list, &l };
    uint8_t sig[2 * YF_FIELD_MAX];
    yf_span digest = { e.b, size };

    T_ERR(YF_E_FORMAT, ops->ecdsa_sign(&g, zero.b, digest, &nonce, sig));
    T_ERR(YF_E_FORMAT, ops->ecdsa_sign(&g, order().b, digest, &nonce, sig));
    T_ERR(YF_E_FORMAT, ops->sm2_sign(&g, zero.b, digest, &nonce, sig));
    T_ERR(YF_E_FORMAT, ops->sm2_sign(&g, order().b, digest, &nonce, sig));
    T_ERR(YF_E_FORMAT, ops->sm2_sign(&g, last.b, digest, &nonce, sig));
    T(l.given == 0);
    T_OK(ops->ecdsa_sign(&g, last.b, digest, &nonce, sig));
    l.given = 0;
    T_OK(ops->sm2_sign(&g, minus(last, word(1)).b, digest, &nonce, sig));
}

/* ---- verifying ---- */

static yf_err
ecdsa_verdict(pt pub, num e, num r, num s)
{
    uint8_t sig[2 * YF_FIELD_MAX];

    memcpy(sig, r.b, size);
    memcpy(sig + size, s.b, size);
    return ops->ecdsa_verify(&g, span(&pub), (yf_span){ e.b, size }, sig);
}

static yf_err
sm2_verdict(pt pub, num e, num r, num s)
{
    uint8_t sig[2 * YF_FIELD_MAX];

    memcpy(sig, r.b, size);
    memcpy(sig + size, s.b, size);
    return ops->sm2_verify(&g, span(&pub), (yf_span){ e.b, size }, sig);
}

/* Keys and nonces that make the two multiples meet: the same point, opposite ones, small ones. */
EVERY(signatures_by_special_keys_verify)
{
    num zero = { { 0 } }, last = minus(zero, word(1));
    const num keys[] = { word(1), word(2), word(3), last, minus(last, word(1)), any() };
    const num nonces[] = { word(1), word(2), last, over(word(1), word(2)), any() };

    if (!whole_bytes())
        return;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        for (size_t j = 0; j < sizeof nonces / sizeof *nonces; j++) {
            num e = j % 2 ? any() : zero, d = keys[i], k = nonces[j];
            pt pub = of_generator(d);
            num r = abscissa(k), s = over(plus(e, times(r, d)), k);
            T_OK(ecdsa_verdict(pub, e, r, s));
            T_ERR(YF_E_AUTH, ecdsa_verdict(pub, plus(e, word(1)), r, s));
            if (memcmp(d.b, last.b, size) == 0)
                continue;
            r = plus(r, e);
            s = over(minus(k, times(r, d)), plus(d, word(1)));
            if (memcmp(s.b, zero.b, size) == 0)
                continue;
            T_OK(sm2_verdict(pub, e, r, s));
            T_ERR(YF_E_AUTH, sm2_verdict(pub, plus(e, word(1)), r, s));
        }
}

/* u G + v Q = O has no abscissa: whatever r, it does not verify. */
EVERY(signatures_at_the_identity_do_not)
{
    num d = any(), r = any(), s = any(), zero = { { 0 } };
    pt pub = of_generator(d);

    if (!whole_bytes())
        return;
    T_ERR(YF_E_AUTH, ecdsa_verdict(pub, minus(zero, times(r, d)), r, s));
    s = over(minus(zero, times(r, d)), plus(d, word(1)));
    T_ERR(YF_E_AUTH, sm2_verdict(pub, r, r, s)); // x = r - e = 0
    T_ERR(YF_E_AUTH, sm2_verdict(pub, any(), r, s));
}

EVERY(signatures_out_of_range_do_not)
{
    num zero = { { 0 } }, n = order(), d = any(), e = any(), k = any();
    pt pub = of_generator(d);
    num x = abscissa(k), r = plus(x, e), s = over(minus(k, times(r, d)), plus(d, word(1)));

    T_OK(sm2_verdict(pub, e, r, s));
    T_ERR(YF_E_AUTH, sm2_verdict(pub, e, zero, s));
    T_ERR(YF_E_AUTH, sm2_verdict(pub, e, n, s));
    T_ERR(YF_E_AUTH, sm2_verdict(pub, e, r, zero));
    T_ERR(YF_E_AUTH, sm2_verdict(pub, e, r, n));
    T_ERR(YF_E_AUTH, sm2_verdict(pub, e, r, minus(zero, r)));
    T_ERR(YF_E_AUTH,
          sm2_verdict(pub, minus(minus(zero, s), abscissa(s)), minus(zero, s), s)); // t = 0
    T_ERR(YF_E_AUTH, ecdsa_verdict(pub, e, zero, s));
    T_ERR(YF_E_AUTH, ecdsa_verdict(pub, e, n, s));
    T_ERR(YF_E_AUTH, ecdsa_verdict(pub, e, r, zero));
    T_ERR(YF_E_AUTH, ecdsa_verdict(pub, e, r, n));
    pub.b[5] ^= 4;
    T_ERR(YF_E_FORMAT, sm2_verdict(pub, e, r, s));
    T_ERR(YF_E_FORMAT, ecdsa_verdict(pub, e, zero, zero));
}

/*
 * An abscissa between n and p: r is x - n, and verification must try r + n. Such
 * signatures are made backwards, from R to the key.
 */
EVERY(an_abscissa_above_the_order_verifies)
{
    BIGNUM *n = BN_bin2bn(g.curve->n, (int)size, NULL), *p = BN_bin2bn(g.curve->p, (int)size, NULL);
    pt in = { { 2 } }, point;
    num r = { { 0 } }, e = any(), s = any();
    unsigned found = 0;

    for (unsigned i = 1; i < 200 && !found && BN_cmp(n, p) < 0 && whole_bytes(); i++) {
        BIGNUM *x = BN_dup(n);
        T(BN_add_word(x, i));
        if (BN_cmp(x, p) < 0 && BN_bn2binpad(x, in.b + 1, (int)size) > 0)
            found = ops->decode(&g, (yf_span){ in.b, 1 + size }, point.b) == YF_OK ? i : 0;
        BN_free(x);
    }
    if (found) {
        r = word(found);
        num u = over(e, s), v = over(r, s);
        pt q = of_point(over(word(1), v), sum(point, opposite(of_generator(u))));
        T_OK(ecdsa_verdict(q, e, r, s));
        T_ERR(YF_E_AUTH, ecdsa_verdict(q, e, plus(r, word(1)), s));
        num t = plus(r, s);
        q = of_point(over(word(1), t), sum(point, opposite(of_generator(s))));
        T_OK(sm2_verdict(q, (num){ { 0 } }, r, s));
    }
    T(found || BN_cmp(n, p) > 0 || !whole_bytes());
    BN_free(n), BN_free(p);
}

/* r = x + 2^(8 size) - n: then r + n is x, if a carry is lost. */
EVERY(an_abscissa_that_wraps_around_does_not_verify)
{
    BIGNUM *n = BN_bin2bn(g.curve->n, (int)size, NULL), *x = BN_new();
    num d = any(), k = any(), s = any(), r = { { 0 } };
    pt point = of_generator(k);

    while (point.b[1] == 0xFF) // so that r is below n
        point = of_generator(k = any());
    T(BN_bin2bn(point.b + 1, (int)size, x) && BN_sub(x, x, n));
    BN_zero(n);
    T(BN_set_bit(n, (int)(8 * size)) && BN_add(x, x, n));
    if (BN_bn2binpad(x, r.b, (int)size) > 0 && memcmp(r.b, g.curve->n, size) < 0 && whole_bytes()) {
        num v = over(r, s), u = minus(k, times(v, d));
        T_ERR(YF_E_AUTH, ecdsa_verdict(of_generator(d), times(u, s), r, s));
    } else {
        T(g.curve->p[0] != 0xFF);
    }
    BN_free(n), BN_free(x);
}

/* ---- the comb ---- */

/*
 * A signature whose point is k G, where k - u is the key's part: for k = 2 t and t the
 * last column of u, the verifier's last addition is one of equal points.
 */
static void
verifies_by_way_of(num k)
{
    num u = word(0x1234567), d = word(3), v = over(minus(k, u), d);
    num r = abscissa(k), s = over(r, v);

    T_OK(ecdsa_verdict(of_generator(d), times(u, s), r, s));
}

/*
 * The comb's last addition is of equal points for k = 2 t modulo n, t one of the sums
 * of its last column, for either shape of it: take all of these sums.
 */
static void
all_of_column(unsigned teeth, unsigned span_, unsigned column)
{
    for (unsigned u = 0; u < 1u << teeth; u++) {
        num t = { { 0 } };
        for (unsigned j = 0; j < teeth; j++) {
            unsigned at = (j + 1 < teeth ? j * span_ : 256 - span_) + column;
            num power = { { 0 } };
            power.b[31 - at / 8] = (uint8_t)(1 << at % 8);
            T_OK(ops->mod_reduce(&g, YF_MOD_N, (yf_span){ power.b, 32 }, power.b));
            t = u >> j & 1 ? plus(t, power) : minus(t, power);
        }
        t = plus(t, t);
        same(of_generator(t), of_point(t, of_generator(word(1))));
        verifies_by_way_of(t);
    }
}

static void
the_last_column_of_the_comb(void **st)
{
    const yf_curve *const curves[] = { &yf_curve_sm2, &yf_curve_p256 };

    (void)st;
    for (size_t i = 0; i < 2; i++) {
        open_curve(curves[i]);
        all_of_column(6, 43, 42);
        all_of_column(5, 52, 39);
        yf_group_close(&g);
    }
}

/* FIPS 186-5 6.4.1: of a longer digest the leftmost bits count, of a shorter one all. */
EVERY(digests_of_any_length)
{
    uint8_t digest[2 * YF_FIELD_MAX] = { 0 }, sig[2 * YF_FIELD_MAX], want[2 * YF_FIELD_MAX];
    struct list l = { .k = { any() }, .n = 1 };
    const yf_nonce nonce = { next_of_list, &l };
    num d = any();

    rnd_fill(&rnd, digest + YF_FIELD_MAX, YF_FIELD_MAX);
    uint8_t *e = digest + YF_FIELD_MAX;
    T_OK(ops->ecdsa_sign(&g, d.b, (yf_span){ e, size }, &nonce, want));
    l.given = 0;
    if (whole_bytes()) {
        T_OK(ops->ecdsa_sign(&g, d.b, (yf_span){ e, sizeof digest / 2 }, &nonce, sig));
        T_MEM(sig, want, 2 * size);
        l.given = 0;
    }
    T_OK(ops->ecdsa_sign(&g, d.b, (yf_span){ e, 20 }, &nonce, want));
    l.given = 0;
    T_OK(ops->ecdsa_sign(&g, d.b, (yf_span){ e - (size - 20), size }, &nonce, sig));
    if (whole_bytes())
        T_MEM(sig, want, 2 * size);
    l.given = 0;
    T_OK(ops->ecdsa_sign(&g, d.b, (yf_span){ 0 }, &nonce, sig));
    pt pub = of_generator(d);
    T_OK(ops->ecdsa_verify(&g, span(&pub), (yf_span){ 0 }, sig));
}

/* ---- other people's parameters ---- */

static yf_curve
from_openssl(EC_GROUP *group)
{
    BIGNUM *p = BN_new(), *a = BN_new(), *b = BN_new(), *x = BN_new(), *y = BN_new();
    const BIGNUM *n = EC_GROUP_get0_order(group);
    yf_curve c = { .name = "other" };

    T(EC_GROUP_get_curve(group, p, a, b, NULL));
    T(EC_POINT_get_affine_coordinates(group, EC_GROUP_get0_generator(group), x, y, NULL));
    c.bits = (uint16_t)BN_num_bits(p);
    c.order_bits = (uint16_t)BN_num_bits(n);
    c.size = (uint8_t)((c.bits + 7) / 8);
    BN_bn2binpad(p, c.p, c.size), BN_bn2binpad(a, c.a, c.size), BN_bn2binpad(b, c.b, c.size);
    BN_bn2binpad(x, c.gx, c.size), BN_bn2binpad(y, c.gy, c.size), BN_bn2binpad(n, c.n, c.size);
    BN_free(p), BN_free(a), BN_free(b), BN_free(x), BN_free(y);
    return c;
}

static void
multiplies_like_openssl(EC_GROUP *group)
{
    EC_POINT *p = EC_POINT_new(group);
    uint8_t want[YF_POINT_MAX];

    for (unsigned i = 0; i < 20; i++) {
        num k = any();
        BIGNUM *n = BN_bin2bn(k.b, (int)size, NULL);
        T(EC_POINT_mul(group, p, n, NULL, NULL, NULL));
        T(EC_POINT_point2oct(group, p, POINT_CONVERSION_UNCOMPRESSED, want, sizeof want, NULL) > 0);
        T_MEM(of_generator(k).b, want, 1 + 2 * size);
        want[0] = (uint8_t)(2 + (want[2 * size] & 1));
        pt r;
        T_OK(ops->decode(&g, (yf_span){ want, 1 + size }, r.b));
        same(r, of_generator(k));
        BN_free(n);
    }
    EC_POINT_free(p);
}

static void
curves_we_do_not_name(void **st)
{
    static const int nids[] = { NID_secp112r1,       NID_secp128r1,       NID_X9_62_prime192v1,
                                NID_secp256k1,       NID_brainpoolP192r1, NID_brainpoolP256t1,
                                NID_X9_62_prime239v1 };

    (void)st;
    for (size_t i = 0; i < sizeof nids / sizeof *nids; i++) {
        EC_GROUP *group = EC_GROUP_new_by_curve_name(nids[i]);
        yf_curve c = from_openssl(group);
        open_curve(&c);
        multiplies_like_openssl(group);
        yf_group_close(&g);
        EC_GROUP_free(group);
    }
}

static void
not_opened(yf_err e, const yf_curve *c)
{
    yf_group r;

    memset(&r, 0xA5, sizeof r);
    T_ERR(e, yf_group_open(&r, ops, c));
    T(((const uint8_t *)&r)[0] == 0xA5);
}

/* Where the generator's order is but a part of the curve's, points outside its group pass. */
static void
a_cofactor_is_refused(void **st)
{
    static const int nids[] = { NID_secp112r2, NID_secp128r2 };

    (void)st;
    for (size_t i = 0; i < sizeof nids / sizeof *nids; i++) {
        EC_GROUP *group = EC_GROUP_new_by_curve_name(nids[i]);
        yf_curve c = from_openssl(group);
        T((c.order_bits + 7) / 8 == c.size);
        not_opened(YF_E_FORMAT, &c);
        EC_GROUP_free(group);
    }
}

/* A named curve under no name takes the same path. */
static void
a_copy_is_the_curve_itself(void **st)
{
    (void)st;
    for (const yf_curve *const *c = yf_curves; *c; c++) {
        yf_curve copy = **c;
        copy.name = NULL;
        copy.oid = (yf_span){ 0 };
        open_curve(*c);
        pt p = of_generator(word(12345));
        open_curve(&copy);
        same(of_generator(word(12345)), p);
        yf_group_close(&g);
    }
}

static void
one_changed_byte_is_no_curve(void **st)
{
    static const struct {
        size_t at;
        uint8_t bits;
    } changes[] = {
        { offsetof(yf_curve, p) + 31, 1 },    // even
        { offsetof(yf_curve, n) + 31, 1 },    // even
        { offsetof(yf_curve, p), 0x80 },      // shorter than it says
        { offsetof(yf_curve, n), 0x80 },      // shorter than it says
        { offsetof(yf_curve, a) + 7, 0x20 },  // the generator is off the curve
        { offsetof(yf_curve, b) + 31, 1 },    // the generator is off the curve
        { offsetof(yf_curve, gx) + 3, 0x40 }, // the generator is off the curve
        { offsetof(yf_curve, gy) + 31, 2 },   // the generator is off the curve
        { offsetof(yf_curve, n) + 20, 4 },    // not its order, but of the right size
        { offsetof(yf_curve, n) + 10, 4 },    // too far from p to be any order
    };

    (void)st;
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        yf_curve c = yf_curve_bp256r1;
        ((uint8_t *)&c)[changes[i].at] ^= changes[i].bits;
        not_opened(YF_E_FORMAT, &c);
    }
}

static void
numbers_out_of_place_are_no_curve(void **st)
{
    yf_curve c = yf_curve_bp256r1;

    (void)st;
    memset(c.a, 0xFF, 32); // not below p
    not_opened(YF_E_FORMAT, &c);
    c = yf_curve_bp256r1;
    memcpy(c.n, c.p, 32); // anomalous
    not_opened(YF_E_FORMAT, &c);
}

static void
sizes_that_lie_are_no_curve(void **st)
{
    static const struct {
        uint16_t bits, order_bits;
        uint8_t size;
        yf_err err;
    } lies[] = {
        { 256, 256, 33, YF_E_FORMAT },      { 256, 256, 31, YF_E_FORMAT },
        { 256, 256, 0, YF_E_FORMAT },       { 256, 255, 32, YF_E_FORMAT },
        { 256, 0, 32, YF_E_FORMAT },        { 256, 257, 33, YF_E_FORMAT },
        { 255, 256, 32, YF_E_FORMAT },      { 0, 256, 32, YF_E_UNSUPPORTED },
        { 111, 111, 14, YF_E_UNSUPPORTED }, { 522, 522, 66, YF_E_UNSUPPORTED },
    };

    (void)st;
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        yf_curve c = yf_curve_bp256r1;
        c.bits = lies[i].bits;
        c.order_bits = lies[i].order_bits;
        c.size = lies[i].size;
        not_opened(lies[i].err, &c);
    }
}

/* y^2 = x^3 - 3 x + 2 has a node at (1, 0): 4 a^3 + 27 b^2 = 0; (0, sqrt 2), (-2, 0) are on it. */
static void
a_singular_cubic_is_refused(void **st)
{
    yf_curve c = yf_curve_sm2; // a = -3

    (void)st;
    memset(c.b, 0, sizeof c.b);
    c.b[31] = 2;
    memset(c.gx, 0, sizeof c.gx);
    memset(c.gy, 0, sizeof c.gy);
    c.gx[31] = 2;
    c.gy[31] = 2; // 4 = 8 - 6 + 2
    not_opened(YF_E_FORMAT, &c);
}

T_MAIN(cmocka_unit_test(small_scalars_and_their_opposites), cmocka_unit_test(powers_of_two),
       cmocka_unit_test(patterns), cmocka_unit_test(out_of_range_is_refused),
       cmocka_unit_test(the_last_column_of_the_comb), cmocka_unit_test(sums_commute_and_associate),
       cmocka_unit_test(sums_of_equal_and_opposite_points),
       cmocka_unit_test(every_form_but_five_is_refused),
       cmocka_unit_test(every_other_length_is_refused), cmocka_unit_test(off_the_curve_is_refused),
       cmocka_unit_test(coordinates_of_p_and_above_are_refused),
       cmocka_unit_test(numbers_out_of_range_are_refused), cmocka_unit_test(numbers_in_place),
       cmocka_unit_test(nonces_out_of_range_are_passed_over),
       cmocka_unit_test(ecdsa_draws_again_for_a_zero_s), cmocka_unit_test(sm2_draws_again),
       cmocka_unit_test(a_stuck_source_is_noticed), cmocka_unit_test(keys_out_of_range_are_refused),
       cmocka_unit_test(signatures_by_special_keys_verify),
       cmocka_unit_test(signatures_at_the_identity_do_not),
       cmocka_unit_test(signatures_out_of_range_do_not),
       cmocka_unit_test(an_abscissa_above_the_order_verifies),
       cmocka_unit_test(an_abscissa_that_wraps_around_does_not_verify),
       cmocka_unit_test(digests_of_any_length), cmocka_unit_test(curves_we_do_not_name),
       cmocka_unit_test(a_cofactor_is_refused), cmocka_unit_test(a_copy_is_the_curve_itself),
       cmocka_unit_test(one_changed_byte_is_no_curve),
       cmocka_unit_test(numbers_out_of_place_are_no_curve),
       cmocka_unit_test(sizes_that_lie_are_no_curve), cmocka_unit_test(a_singular_cubic_is_refused))
