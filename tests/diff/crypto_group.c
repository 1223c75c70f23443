/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random numbers, points and signatures through soft's groups and OpenSSL's: the
 * same bytes, the same verdicts.
 *
 *     crypto_group SHARE CURVE...      each operation YF_TIMES / SHARE times
 *
 * One number in four has long runs of equal bits.
 */
#include "diff.h"
#include "providers.h"

#include <yufu/crypto/host.h>

struct pair {
    yf_group soft, other;
    size_t size;
    bool sm2; // OpenSSL does its signatures, and no ECDSA, on this curve
    struct rnd rnd;
    size_t turn;
};

static void
must(const struct pair *w, bool good, const char *what)
{
    if (good)
        return;
    printf("not ok - %s, turn %zu: %s\n", w->soft.curve->name, w->turn, what);
    exit(1);
}

/* Bytes of one number, sometimes of few changes between 0 and 1. */
static void
draw(struct pair *w, uint8_t *bytes, size_t n)
{
    rnd_fill(&w->rnd, bytes, n);
    if (rnd_below(&w->rnd, 4))
        return;
    for (size_t i = 0; i < n;) {
        uint8_t same = rnd_below(&w->rnd, 2) ? 0xFF : 0;
        for (size_t run = rnd_below(&w->rnd, n) + 1; run && i < n; run--)
            bytes[i++] = same;
    }
}

/* In [0, m-1]; by rejection with some luck, else reduced. */
static void
number(struct pair *w, enum yf_mod m, uint8_t *a)
{
    uint8_t bytes[YF_FIELD_MAX];

    draw(w, bytes, w->size);
    must(w, !w->soft.ops->mod_reduce(&w->soft, m, (yf_span){ bytes, w->size }, a), "mod_reduce");
}

static void
scalar(struct pair *w, uint8_t *k)
{
    static const uint8_t zero[YF_FIELD_MAX];

    do
        number(w, YF_MOD_N, k);
    while (memcmp(k, zero, w->size) == 0);
}

static void
same(const struct pair *w, yf_err a, const uint8_t *x, yf_err b, const uint8_t *y, size_t n,
     const char *what)
{
    must(w, a == b && (a || memcmp(x, y, n) == 0), what);
}

static void
numbers(struct pair *w)
{
    uint8_t a[YF_FIELD_MAX], b[YF_FIELD_MAX], x[YF_FIELD_MAX], y[YF_FIELD_MAX];
    uint8_t bytes[3 * YF_FIELD_MAX];
    const yf_group *s = &w->soft, *o = &w->other;
    const size_t n = w->size;
    yf_err e;

    for (enum yf_mod m = YF_MOD_P; m <= YF_MOD_N; m++) {
        number(w, m, a);
        number(w, m, b);
        e = s->ops->mod_add(s, m, a, b, x);
        same(w, e, x, o->ops->mod_add(o, m, a, b, y), y, n, "mod_add");
        e = s->ops->mod_sub(s, m, a, b, x);
        same(w, e, x, o->ops->mod_sub(o, m, a, b, y), y, n, "mod_sub");
        e = s->ops->mod_mul(s, m, a, b, x);
        same(w, e, x, o->ops->mod_mul(o, m, a, b, y), y, n, "mod_mul");
        e = s->ops->mod_inv(s, m, a, x);
        same(w, e, x, o->ops->mod_inv(o, m, a, y), y, n, "mod_inv");
        e = s->ops->mod_exp(s, m, a, b, x);
        same(w, e, x, o->ops->mod_exp(o, m, a, b, y), y, n, "mod_exp");
        yf_span in = { bytes, rnd_below(&w->rnd, sizeof bytes) };
        draw(w, bytes, in.n);
        e = s->ops->mod_reduce(s, m, in, x);
        same(w, e, x, o->ops->mod_reduce(o, m, in, y), y, n, "mod_reduce");
    }
}

/* p = k G, q = j p, r = p + q; and p from its compressed form. */
static void
points(struct pair *w, const uint8_t *k, uint8_t *p)
{
    uint8_t j[YF_FIELD_MAX], q[YF_POINT_MAX], r[YF_POINT_MAX], t[YF_POINT_MAX];
    const yf_group *s = &w->soft, *o = &w->other;
    const size_t n = 1 + 2 * w->size;
    const yf_span one = { p, n }, two = { q, n };
    yf_err e;

    scalar(w, j);
    e = s->ops->mul(s, k, (yf_span){ 0 }, p);
    same(w, e, p, o->ops->mul(o, k, (yf_span){ 0 }, t), t, n, "mul of the generator");
    e = s->ops->mul(s, j, one, q);
    same(w, e, q, o->ops->mul(o, j, one, t), t, n, "mul of a point");
    e = s->ops->add(s, one, two, r);
    same(w, e, r, o->ops->add(o, one, two, t), t, n, "add");
    r[0] = (uint8_t)(2 + (p[n - 1] & 1));
    memcpy(r + 1, p + 1, w->size);
    r[1 + rnd_below(&w->rnd, w->size)] ^= (uint8_t)(rnd_below(&w->rnd, 2) * 4); // half are others
    const yf_span in = { r, 1 + w->size };
    e = s->ops->decode(s, in, q);
    same(w, e, q, o->ops->decode(o, in, t), t, n, "decode");
}

static yf_err
nonce(void *state, const yf_curve *curve, uint8_t *k)
{
    (void)curve;
    scalar(state, k);
    return YF_OK;
}

/* What soft signs with d; in one turn of three something of it is changed. */
static void
signatures(struct pair *w, const uint8_t *d, uint8_t *pub)
{
    const yf_group *s = &w->soft, *o = &w->other;
    const yf_nonce source = { nonce, w };
    const yf_span key = { pub, 1 + 2 * w->size };
    uint8_t digest[32], sig[2 * YF_FIELD_MAX];
    const yf_span e = { digest, sizeof digest };

    rnd_fill(&w->rnd, digest, sizeof digest);
    yf_err bad = w->sm2 ? s->ops->sm2_sign(s, d, e, &source, sig)
                        : s->ops->ecdsa_sign(s, d, e, &source, sig);
    must(w, !bad, "sign");
    const bool change = rnd_below(&w->rnd, 3) == 0, in_sig = rnd_below(&w->rnd, 2);
    if (change && in_sig)
        sig[rnd_below(&w->rnd, 2 * w->size)] ^= (uint8_t)(1 << rnd_below(&w->rnd, 8));
    else if (change)
        digest[rnd_below(&w->rnd, 28)] ^= // all that P-224 looks at
            (uint8_t)(1 << rnd_below(&w->rnd, 8));
    yf_err a = w->sm2 ? s->ops->sm2_verify(s, key, e, sig) : s->ops->ecdsa_verify(s, key, e, sig);
    yf_err b = w->sm2 ? o->ops->sm2_verify(o, key, e, sig) : o->ops->ecdsa_verify(o, key, e, sig);
    must(w, a == b, "verify");
    must(w, a == (change ? YF_E_AUTH : YF_OK), "verdict");
}

static void
turns(struct pair *w, size_t n)
{
    uint8_t k[YF_FIELD_MAX], p[YF_POINT_MAX];

    for (w->turn = 0; w->turn < n; w->turn++) {
        scalar(w, k);
        points(w, k, p);
        signatures(w, k, p);
        numbers(w);
    }
}

static void
run(const char *name, size_t n)
{
    const yf_curve *curve = yf_curve_named(name);
    struct pair w = { .rnd = diff_start(1) };

    must(&w, curve && !yf_group_open(&w.soft, yf_provider_soft.group, curve), "open soft");
    const struct yf_group_ops *ops = yf_provider_group(&yf_provider_host, curve);
    w.sm2 = curve == &yf_curve_sm2;
    if (w.sm2)
        ops = test_provider_openssl.group_sm2;
    must(&w, !yf_group_open(&w.other, ops, curve), "open OpenSSL");
    w.size = curve->size;
    turns(&w, n);
    yf_group_close(&w.soft);
    yf_group_close(&w.other);
}

int
main(int argc, char **argv)
{
    size_t n = argc < 3 ? 0 : diff_times() / strtoul(argv[1], NULL, 10);

    if (!n) {
        fprintf(stderr, "usage: crypto_group SHARE CURVE...\n");
        return 2;
    }
    printf("1..%d\n", argc - 2);
    for (int i = 2; i < argc; i++) {
        run(argv[i], n);
        printf("ok %d - %s, %zu turns\n", i - 1, argv[i], n);
    }
    return 0;
}
