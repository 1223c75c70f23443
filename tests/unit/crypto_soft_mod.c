/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers modulo primes of every size, beside OpenSSL's. */
#include "crypto/soft/mod.h"

#include "../rnd.h"
#include "../t.h"

#include <yufu/crypto/curve.h>

#include <openssl/bn.h>

enum { BYTES = 80, TURNS = 60 };

struct field {
    limb m[YF_LIMBS], rr[YF_LIMBS];
    struct mod f;
    BIGNUM *p;
};

static BN_CTX *ctx;
static struct rnd rnd = { 1 };

/* Any number of so many bytes. */
static void
anything(BIGNUM *x, size_t n)
{
    uint8_t bytes[3 * BYTES];

    rnd_fill(&rnd, bytes, n);
    T(BN_bin2bn(bytes, (int)n, x) != NULL);
}

static BIGNUM *
big(const struct field *w, const limb *a)
{
    uint8_t bytes[BYTES];

    yf_limbs_put(bytes, sizeof bytes, a, w->f.n);
    return BN_bin2bn(bytes, sizeof bytes, NULL);
}

/* r is not above the modulus, and a. */
static void
is(const struct field *w, const limb *r, BIGNUM *a)
{
    BIGNUM *b = big(w, r);

    T(BN_cmp(a, b) == 0);
    T(BN_cmp(b, w->p) < 0);
    BN_free(b);
}

/* A number below the modulus: the edges first, then anything. */
static void
pick(const struct field *w, unsigned turn, limb *a)
{
    BIGNUM *x = BN_new();
    uint8_t bytes[BYTES];

    if (turn < 4)
        T(BN_set_word(x, turn));
    else if (turn < 8)
        T(BN_copy(x, w->p) && BN_sub_word(x, turn - 3));
    else if (turn < 12)
        T(BN_set_bit(x, (int)(w->f.bits / (turn - 6))));
    else
        anything(x, BYTES);
    T(BN_nnmod(x, x, w->p, ctx));
    T(BN_bn2binpad(x, bytes, sizeof bytes) == BYTES);
    yf_limbs_get(a, w->f.n, bytes, sizeof bytes);
    BN_free(x);
}

static void
sums(const struct field *w, const limb *a, const limb *b)
{
    BIGNUM *x = big(w, a), *y = big(w, b), *z = BN_new();
    limb r[YF_LIMBS];

    yf_mod_add(&w->f, r, a, b);
    T(BN_mod_add(z, x, y, w->p, ctx));
    is(w, r, z);
    yf_mod_sub(&w->f, r, a, b);
    T(BN_mod_sub(z, x, y, w->p, ctx));
    is(w, r, z);
    yf_mod_half(&w->f, r, a);
    yf_mod_add(&w->f, r, r, r);
    is(w, r, x);
    T(yf_limbs_below(a, b, w->f.n) == (BN_cmp(x, y) < 0 ? (limb)-1 : 0));
    T(yf_limbs_equal(a, b, w->f.n) == (BN_cmp(x, y) == 0 ? (limb)-1 : 0));
    T(yf_limbs_zero(a, w->f.n) == (BN_is_zero(x) ? (limb)-1 : 0));
    BN_free(x), BN_free(y), BN_free(z);
}

static void
products(const struct field *w, const limb *a, const limb *b)
{
    BIGNUM *x = big(w, a), *y = big(w, b), *z = BN_new();
    limb p[YF_LIMBS], q[YF_LIMBS], r[YF_LIMBS];

    yf_mod_in(&w->f, p, a);
    yf_mod_in(&w->f, q, b);
    yf_mod_mul(&w->f, r, p, q);
    yf_mod_out(&w->f, r, r);
    T(BN_mod_mul(z, x, y, w->p, ctx));
    is(w, r, z);
    yf_mod_mul(&w->f, r, p, b); // one of them in Montgomery form
    is(w, r, z);
    BN_free(x), BN_free(y), BN_free(z);
}

static void
powers(const struct field *w, const limb *a, const limb *b)
{
    BIGNUM *x = big(w, a), *y = big(w, b), *z = BN_new();
    uint8_t e[BYTES];
    limb p[YF_LIMBS], r[YF_LIMBS];

    yf_mod_in(&w->f, p, a);
    yf_mod_inv(&w->f, r, p);
    yf_mod_out(&w->f, r, r);
    if (BN_is_zero(x))
        BN_zero(z);
    else
        T(BN_mod_inverse(z, x, w->p, ctx) != NULL);
    is(w, r, z);
    yf_limbs_put(e, sizeof e, b, w->f.n);
    yf_mod_exp(&w->f, r, p, e, sizeof e);
    yf_mod_out(&w->f, r, r);
    T(BN_mod_exp(z, x, y, w->p, ctx));
    is(w, r, z);
    BN_free(x), BN_free(y), BN_free(z);
}

/* Either there is a root, and its square is a, or Euler says that there is none. */
static void
roots(const struct field *w, const limb *a)
{
    BIGNUM *x = big(w, a);
    limb p[YF_LIMBS], r[YF_LIMBS];

    yf_mod_in(&w->f, p, a);
    if (yf_mod_sqrt(&w->f, r, p)) {
        yf_mod_mul(&w->f, r, r, r);
        yf_mod_out(&w->f, r, r);
        T(BN_kronecker(x, w->p, ctx) >= 0);
        is(w, r, x);
    } else {
        T(BN_kronecker(x, w->p, ctx) <= 0);
    }
    BN_free(x);
}

static void
reductions(const struct field *w)
{
    uint8_t bytes[3 * BYTES];
    limb r[YF_LIMBS];

    for (size_t n = 0; n <= sizeof bytes; n++) {
        BIGNUM *x = BN_new();
        anything(x, n);
        T(BN_bn2binpad(x, bytes, (int)n) == (int)n);
        yf_mod_reduce(&w->f, r, bytes, n);
        T(BN_mod(x, x, w->p, ctx));
        is(w, r, x);
        BN_free(x);
    }
    memset(bytes, 0xFF, sizeof bytes);
    BIGNUM *x = BN_bin2bn(bytes, sizeof bytes, NULL);
    yf_mod_reduce(&w->f, r, bytes, sizeof bytes);
    T(BN_mod(x, x, w->p, ctx));
    is(w, r, x);
    BN_free(x);
}

static void
agrees(BIGNUM *p)
{
    struct field w = { .p = p };
    uint8_t bytes[BYTES];
    limb a[YF_LIMBS], b[YF_LIMBS];
    unsigned bits = (unsigned)BN_num_bits(p), n = yf_limbs((bits + 7) / 8);

    T(BN_bn2binpad(p, bytes, sizeof bytes) == BYTES);
    yf_limbs_get(w.m, n, bytes, sizeof bytes);
    yf_mod_prepare(w.rr, w.m, n, bits);
    w.f = yf_mod_of(w.m, w.rr, n, bits);
    for (unsigned i = 0; i < TURNS; i++) {
        pick(&w, i, a);
        for (unsigned j = 0; j < 14; j++) {
            pick(&w, j, b);
            sums(&w, a, b);
            products(&w, a, b);
        }
        powers(&w, a, b);
        roots(&w, a);
    }
    reductions(&w);
}

/* The first prime above the number that is 1 modulo 2^tail. */
static void
prime_above(BIGNUM *p, unsigned tail)
{
    T(BN_rshift(p, p, (int)tail) && BN_lshift(p, p, (int)tail) && BN_add_word(p, 1));
    while (!BN_check_prime(p, ctx, NULL))
        T(BN_add_word(p, (BN_ULONG)1 << tail));
}

/* Primes a size; those that are 1 modulo a higher power of two are where roots are harder. */
static void
of_every_size(void **st)
{
    static const int sizes[] = { 112, 127, 128, 129, 160, 192, 224, 255, 256,
                                 257, 320, 383, 384, 385, 448, 512, 513, 521 };
    BIGNUM *p = BN_new();

    (void)st;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (unsigned tail = 1; tail < 22; tail += 20) {
            anything(p, BYTES);
            T(BN_mask_bits(p, sizes[i]) && BN_set_bit(p, sizes[i] - 1) &&
              BN_clear_bit(p, sizes[i] - 2));
            prime_above(p, tail);
            agrees(p);
        }
    BN_free(p);
}

/* Those with limbs of zeros or ones, where a carry is most easily lost. */
static void
of_the_known_curves(void **st)
{
    (void)st;
    for (const yf_curve *const *c = yf_curves; *c; c++) {
        BIGNUM *p = BN_bin2bn((*c)->p, (*c)->size, NULL), *n = BN_bin2bn((*c)->n, (*c)->size, NULL);
        agrees(p);
        agrees(n);
        BN_free(p), BN_free(n);
    }
}

/* Where there are no roots because the modulus is no prime, the search still ends. */
static void
roots_modulo_a_square_end(void **st)
{
    struct field w = { .p = BN_new() };
    BIGNUM *q = BN_new();
    uint8_t bytes[BYTES];
    limb a[YF_LIMBS];

    (void)st;
    T(BN_set_bit(q, 127));
    prime_above(q, 3);
    T(BN_sqr(w.p, q, ctx));
    T(BN_bn2binpad(w.p, bytes, sizeof bytes) == BYTES);
    unsigned bits = (unsigned)BN_num_bits(w.p), n = yf_limbs((bits + 7) / 8);
    yf_limbs_get(w.m, n, bytes, sizeof bytes);
    yf_mod_prepare(w.rr, w.m, n, bits);
    w.f = yf_mod_of(w.m, w.rr, n, bits);
    for (unsigned i = 0; i < 20; i++) {
        pick(&w, i, a);
        (void)yf_mod_sqrt(&w.f, a, a);
    }
    BN_free(w.p), BN_free(q);
}

static void
bytes_in_and_out(void **st)
{
    const uint8_t in[] = { 0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF, 0x42 };
    uint8_t out[12];
    limb a[YF_LIMBS];

    (void)st;
    yf_limbs_get(a, YF_LIMBS, in, sizeof in);
    T(a[0] == (limb)0x23456789ABCDEF42);
    yf_limbs_put(out, sizeof out, a, YF_LIMBS);
    T_MEM(out, "\0\0\0\x01\x23\x45\x67\x89\xAB\xCD\xEF\x42", sizeof out);
    yf_limbs_put(out, 2, a, YF_LIMBS);
    T_MEM(out, "\xEF\x42", 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_every_size),
        cmocka_unit_test(of_the_known_curves),
        cmocka_unit_test(roots_modulo_a_square_end),
        cmocka_unit_test(bytes_in_and_out),
    };
    ctx = BN_CTX_new();
    cmocka_set_message_output(CM_OUTPUT_TAP);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    BN_CTX_free(ctx);
    return failed;
}
