/* SPDX-License-Identifier: Apache-2.0 */
#include "providers.h"
#include "rng.h"
#include "t.h"
#include "vec.h"

#include <yufu/crypto/ec.h>

/* The curve and group of a record; false if this provider does not have it. */
static bool
group_of(const struct vec *v, const yf_provider *p, yf_group *g)
{
    const yf_curve *c = yf_curve_named(vec_str(v, "curve"));

    T(c != NULL);
    yf_err e = yf_group_open(g, yf_provider_group(p, c), c);
    T(e == YF_OK || p != &yf_provider_soft); // which has them all
    return e == YF_OK;
}

static yf_span
digest(const struct vec *v, const struct yf_hash_alg *hash, uint8_t *md)
{
    yf_span msg = vec_get(v, "msg");

    T_OK(yf_hash_all(hash, &msg, 1, md));
    return (yf_span){ md, hash->size };
}

/* Vectors write numbers without leading zeros, or with one too many. */
static void
number(yf_span in, uint8_t *r, size_t size)
{
    while (in.n > size && in.p[0] == 0)
        in = (yf_span){ in.p + 1, in.n - 1 };
    T(in.n <= size);
    memset(r, 0, size);
    memcpy(r + size - in.n, in.p, in.n);
}

/* ---- Signing: RFC 6979's k, and the signature with a k that is given ---- */

static yf_err
give(void *k, const yf_curve *c, uint8_t *out)
{
    memcpy(out, k, c->size);
    return YF_OK;
}

/* Candidates out of range are the signer's to refuse. */
static void
rfc6979_nonce(const yf_group *g, const struct yf_hash_alg *hash, const uint8_t *d, yf_span m,
              uint8_t *k)
{
    yf_hedge h;

    T_OK(yf_hedge_init(&h, hash, g, d, m, NULL));
    yf_nonce next = yf_hedge_nonce(&h);
    do
        T_OK(next.next(next.state, g->curve, k));
    while (memcmp(k, g->curve->n, g->curve->size) >= 0);
    yf_hedge_wipe(&h);
}

static void
sign_one(const struct vec *v, void *arg)
{
    const struct yf_hash_alg *hash = yf_provider_hash_named(arg, vec_str(v, "hash"));
    uint8_t md[YF_HASH_MAX], d[YF_FIELD_MAX], k[YF_FIELD_MAX], drawn[YF_FIELD_MAX];
    uint8_t want[2 * YF_FIELD_MAX], sig[2 * YF_FIELD_MAX], pub[YF_POINT_MAX];
    bool det = strcmp(vec_str(v, "det"), "yes") == 0;
    yf_group g;

    if (!hash || !group_of(v, arg, &g))
        return;
    size_t size = g.curve->size;
    yf_span m = digest(v, hash, md), q = { pub, yf_point_size(&g) };
    number(vec_get(v, "d"), d, size);
    number(vec_get(v, "k"), k, size);
    number(vec_get(v, "r"), want, size);
    number(vec_get(v, "s"), want + size, size);

    rfc6979_nonce(&g, hash, d, m, drawn);
    T((memcmp(drawn, k, size) == 0) == det);

    if (det)
        T_OK(yf_ecdsa_sign(&g, hash, d, m, NULL, sig));
    else
        T_OK(g.ops->ecdsa_sign(&g, d, m, &(yf_nonce){ give, k }, sig));
    if (arg == &yf_provider_soft) // others may draw their own
        T_MEM(sig, want, 2 * size);
    T_OK(yf_ec_public(&g, d, pub));
    T_OK(yf_ecdsa_verify(&g, q, m, (yf_span){ sig, 2 * size }));
    T_OK(yf_ecdsa_verify(&g, q, m, (yf_span){ want, 2 * size }));
    yf_group_close(&g);
}

static void
signs_as_the_vectors(void **st)
{
    (void)st;
    for (const yf_provider *const *p = test_providers; *p; p++)
        vec_each("ecdsa_sign.txt", sign_one, (void *)*p);
}

/* ---- Verifying and agreeing: NIST CAVP, RFC 7027, and our own edge cases ---- */

static yf_err
verify(const yf_group *g, const struct vec *v, yf_span m)
{
    uint8_t raw[2 * YF_FIELD_MAX];
    yf_span sig = vec_get(v, "sig");
    yf_err e = YF_OK;

    if (strcmp(vec_str(v, "fmt"), "der") == 0) {
        e = yf_sig_from_der(sig, g->curve->size, raw);
        sig = (yf_span){ raw, 2 * (size_t)g->curve->size };
    }
    return e ? e : yf_ecdsa_verify(g, vec_get(v, "pub"), m, sig);
}

static void
ecdsa_one(const struct vec *v, void *arg)
{
    const struct yf_hash_alg *hash = yf_provider_hash_named(arg, vec_str(v, "hash"));
    uint8_t md[YF_HASH_MAX];
    yf_group g;

    if (!hash || !group_of(v, arg, &g))
        return;
    yf_err e = verify(&g, v, digest(v, hash, md));
    bool valid = strcmp(vec_str(v, "result"), "valid") == 0;
    if ((e == YF_OK) != valid)
        fail_msg("%s: %s", vec_where(v), yf_err_name(e));
    T(e != YF_E_STATE && e != YF_E_IO && e != YF_E_ROOM);
    yf_group_close(&g);
}

static void
verifies_as_the_vectors(void **st)
{
    (void)st;
    for (const yf_provider *const *p = test_providers; *p; p++) {
        vec_each("ecdsa.txt", ecdsa_one, (void *)*p);
        vec_each("ecdsa_edge.txt", ecdsa_one, (void *)*p);
        T(vec_each("wycheproof_ecdsa.txt", ecdsa_one, (void *)*p) > 3800);
    }
}

static void
ecdh_one(const struct vec *v, void *arg)
{
    uint8_t d[YF_FIELD_MAX], z[YF_FIELD_MAX];
    bool valid = strcmp(vec_str(v, "result"), "invalid") != 0;
    yf_group g;

    if (!group_of(v, arg, &g))
        return;
    memset(z, 0xA5, sizeof z);
    number(vec_get(v, "d"), d, g.curve->size);
    yf_err e = yf_ecdh(&g, d, vec_get(v, "pub"), z);
    if (e != (valid ? YF_OK : YF_E_FORMAT))
        fail_msg("%s: %s", vec_where(v), yf_err_name(e));
    if (valid)
        T_SPAN(vec_get(v, "z"), ((yf_span){ z, g.curve->size }));
    else
        T(z[0] == 0xA5 && z[g.curve->size - 1] == 0xA5);
    yf_group_close(&g);
}

static void
agrees_as_the_vectors(void **st)
{
    (void)st;
    for (const yf_provider *const *p = test_providers; *p; p++) {
        vec_each("ecdh.txt", ecdh_one, (void *)*p);
        vec_each("ecdh_edge.txt", ecdh_one, (void *)*p);
        T(vec_each("wycheproof_ecdh.txt", ecdh_one, (void *)*p) > 600);
    }
}

/* ---- keys ---- */

/* Runs on every curve of every provider. */
static void
each_group(void (*one)(const yf_group *g, const yf_provider *p))
{
    for (const yf_provider *const *p = test_providers; *p; p++)
        for (const yf_curve *const *c = yf_curves; *c; c++) {
            yf_group g;
            if (yf_group_open(&g, yf_provider_group(*p, *c), *c))
                continue;
            one(&g, *p);
            yf_group_close(&g);
        }
}

/* What is drawn and out of [1, n-2] is drawn again: 0, n-1, n; then n-2 is kept. */
static void
keygen_range(const yf_group *g, const yf_provider *p)
{
    size_t size = g->curve->size;
    uint8_t drawn[4 * YF_FIELD_MAX] = { 0 }, d[YF_FIELD_MAX], pub[YF_POINT_MAX];
    uint8_t again[YF_POINT_MAX];
    (void)p;

    for (size_t i = 1; i < 4; i++)
        memcpy(drawn + i * size, g->curve->n, size);
    drawn[2 * size - 1] = (uint8_t)(drawn[2 * size - 1] - 1);
    drawn[4 * size - 1] = (uint8_t)(drawn[4 * size - 1] - 2);
    if (8 * size > g->curve->order_bits)
        drawn[3 * size] |= 0x80; // a bit above the order's is dropped
    struct rng_said s = { { drawn, 4 * size } };
    yf_rng rng = rng_said(&s);

    T_OK(yf_ec_keygen(g, &rng, d, pub));
    T(s.left.n == 0);
    d[size - 1] = (uint8_t)(d[size - 1] + 2);
    T_MEM(d, g->curve->n, size);
    d[size - 1] = (uint8_t)(d[size - 1] - 2);
    T_OK(yf_ec_public(g, d, again));
    T_MEM(pub, again, yf_point_size(g));
}

static void
keygen_takes_what_is_in_range(void **st)
{
    (void)st;
    each_group(keygen_range);
}

static void
keygen_broken(const yf_group *g, const yf_provider *p)
{
    uint8_t d[YF_FIELD_MAX] = { 0xA5 }, pub[YF_POINT_MAX] = { 0xA5 }, zero = 0;
    yf_rng dead = rng_stuck(NULL), stuck = rng_stuck(&zero);
    (void)p;

    T_ERR(YF_E_IO, yf_ec_keygen(g, &dead, d, pub));
    T_ERR(YF_E_STATE, yf_ec_keygen(g, &stuck, d, pub));
    T(d[0] == 0xA5 && pub[0] == 0xA5);
}

static void
keygen_fails_with_its_source(void **st)
{
    (void)st;
    each_group(keygen_broken);
}

static void
public_range(const yf_group *g, const yf_provider *p)
{
    uint8_t d[YF_FIELD_MAX] = { 0 }, pub[YF_POINT_MAX] = { 0xA5 };
    size_t size = g->curve->size;
    (void)p;

    T_ERR(YF_E_FORMAT, yf_ec_public(g, d, pub));
    T_ERR(YF_E_FORMAT, yf_ec_public(g, g->curve->n, pub));
    T(pub[0] == 0xA5);
    d[size - 1] = 1;
    T_OK(yf_ec_public(g, d, pub));
    T(pub[0] == 4);
    T_MEM(pub + 1, g->curve->gx, size);
    T_MEM(pub + 1 + size, g->curve->gy, size);
}

static void
public_key_of_one_is_the_generator(void **st)
{
    (void)st;
    each_group(public_range);
}

/* ---- both ways ---- */

static void
sign_hedged(const yf_group *g, const yf_provider *p)
{
    const struct yf_hash_alg *hash = yf_provider_hash(p, YF_SHA256);
    uint8_t d[YF_FIELD_MAX], pub[YF_POINT_MAX], md[32], a[2 * YF_FIELD_MAX], b[2 * YF_FIELD_MAX];
    yf_span q = { pub, yf_point_size(g) };
    size_t n = 2 * (size_t)g->curve->size;
    struct rnd s = { 6979 };
    yf_rng rng = rng_seeded(&s), dead = rng_stuck(NULL);

    if (!hash || g->curve == &yf_curve_sm2)
        return;
    T_OK(yf_ec_keygen(g, &rng, d, pub));
    memset(md, 7, sizeof md);
    T_OK(yf_ecdsa_sign(g, hash, d, YF_SPAN(md), &rng, a));
    T_OK(yf_ecdsa_sign(g, hash, d, YF_SPAN(md), &rng, b));
    T(memcmp(a, b, n) != 0);
    T_OK(yf_ecdsa_verify(g, q, YF_SPAN(md), (yf_span){ a, n }));
    T_OK(yf_ecdsa_verify(g, q, YF_SPAN(md), (yf_span){ b, n }));

    memcpy(b, a, n);
    T_ERR(YF_E_IO, yf_ecdsa_sign(g, hash, d, YF_SPAN(md), &dead, b));
    T_ERR(YF_E_FORMAT, yf_ecdsa_sign(g, hash, d, (yf_span){ md, 0 }, &rng, b));
    T_ERR(YF_E_UNSUPPORTED, yf_ecdsa_sign(g, NULL, d, YF_SPAN(md), &rng, b));
    T_ERR(YF_E_FORMAT, yf_ecdsa_sign(g, hash, g->curve->n, YF_SPAN(md), &rng, b));
    T_MEM(a, b, n);

    T_ERR(YF_E_FORMAT, yf_ecdsa_verify(g, q, YF_SPAN(md), (yf_span){ a, n - 1 }));
    T_ERR(YF_E_FORMAT,
          yf_ecdsa_verify(g, (yf_span){ pub, q.n - 1 }, YF_SPAN(md), (yf_span){ a, n }));
    for (size_t i = 0; i < n; i += n / 4) {
        a[i + 1] ^= 1;
        T_ERR(YF_E_AUTH, yf_ecdsa_verify(g, q, YF_SPAN(md), (yf_span){ a, n }));
        a[i + 1] ^= 1;
    }
    md[0] ^= 1;
    T_ERR(YF_E_AUTH, yf_ecdsa_verify(g, q, YF_SPAN(md), (yf_span){ a, n }));
}

static void
signatures_are_hedged_and_verify(void **st)
{
    (void)st;
    each_group(sign_hedged);
}

static void
agree(const yf_group *g, const yf_provider *p)
{
    uint8_t da[YF_FIELD_MAX], db[YF_FIELD_MAX], qa[YF_POINT_MAX], qb[YF_POINT_MAX];
    uint8_t za[YF_FIELD_MAX], zb[YF_FIELD_MAX];
    size_t point = yf_point_size(g);
    struct rnd s = { 56 };
    yf_rng rng = rng_seeded(&s);
    (void)p;

    T_OK(yf_ec_keygen(g, &rng, da, qa));
    T_OK(yf_ec_keygen(g, &rng, db, qb));
    T_OK(yf_ecdh(g, da, (yf_span){ qb, point }, za));
    T_OK(yf_ecdh(g, db, (yf_span){ qa, point }, zb));
    T_MEM(za, zb, g->curve->size);
    T_ERR(YF_E_FORMAT, yf_ecdh(g, da, (yf_span){ qb, 0 }, za)); // no peer is not the generator
    T_ERR(YF_E_FORMAT, yf_ecdh(g, da, (yf_span){ qb, point - 1 }, za));
    qb[point - 1] ^= 1;
    T_ERR(YF_E_FORMAT, yf_ecdh(g, da, (yf_span){ qb, point }, za));
    T_ERR(YF_E_FORMAT, yf_ecdh(g, da, YF_STR("\0"), za));
    T_MEM(za, zb, g->curve->size);
}

static void
both_sides_agree(void **st)
{
    (void)st;
    each_group(agree);
}

/* ---- signatures as DER: RFC 3279 2.2.3 ---- */

static const struct {
    yf_span der, raw; // raw of 4 bytes: r and s of 2
} good_der[] = {
    { YF_STR("\x30\x06\x02\x01\x00\x02\x01\x00"), YF_STR("\0\0\0\0") },
    { YF_STR("\x30\x06\x02\x01\x01\x02\x01\x7F"), YF_STR("\0\x01\0\x7F") },
    { YF_STR("\x30\x07\x02\x02\x00\x80\x02\x01\x01"), YF_STR("\0\x80\0\x01") },
    { YF_STR("\x30\x08\x02\x02\x12\x34\x02\x02\x7F\xFF"), YF_STR("\x12\x34\x7F\xFF") },
    { YF_STR("\x30\x0A\x02\x03\x00\xFF\xFF\x02\x03\x00\x80\x00"), YF_STR("\xFF\xFF\x80\0") },
};

static const struct {
    const char *what;
    yf_span der;
} bad_der[] = {
    { "nothing", YF_STR("") },
    { "no content", YF_STR("\x30\x00") },
    { "one number", YF_STR("\x30\x03\x02\x01\x01") },
    { "three numbers", YF_STR("\x30\x09\x02\x01\x01\x02\x01\x01\x02\x01\x01") },
    { "trailing byte", YF_STR("\x30\x06\x02\x01\x01\x02\x01\x01\x00") },
    { "trailing byte inside", YF_STR("\x30\x07\x02\x01\x01\x02\x01\x01\x00") },
    { "cut", YF_STR("\x30\x06\x02\x01\x01\x02\x01") },
    { "not a sequence", YF_STR("\x31\x06\x02\x01\x01\x02\x01\x01") },
    { "not an integer", YF_STR("\x30\x06\x04\x01\x01\x02\x01\x01") },
    { "length longer than needed", YF_STR("\x30\x81\x06\x02\x01\x01\x02\x01\x01") },
    { "indefinite length", YF_STR("\x30\x80\x02\x01\x01\x02\x01\x01\x00\x00") },
    { "inner length longer than needed", YF_STR("\x30\x07\x02\x81\x01\x01\x02\x01\x01") },
    { "zero in front", YF_STR("\x30\x07\x02\x02\x00\x01\x02\x01\x01") },
    { "negative", YF_STR("\x30\x06\x02\x01\x80\x02\x01\x01") },
    { "negative s", YF_STR("\x30\x06\x02\x01\x01\x02\x01\xFF") },
    { "no bytes of r", YF_STR("\x30\x05\x02\x00\x02\x01\x01") },
    { "too long for the field", YF_STR("\x30\x08\x02\x03\x01\x00\x00\x02\x01\x01") },
    { "lying length", YF_STR("\x30\x06\x02\x7F\x01\x02\x01\x01") },
};

static void
der_reads_what_it_would_write(void **st)
{
    (void)st;
    for (size_t i = 0; i < sizeof good_der / sizeof *good_der; i++) {
        uint8_t raw[4], der[YF_SIG_DER_MAX];
        size_t n = 0;
        T_OK(yf_sig_from_der(good_der[i].der, 2, raw));
        T_SPAN(YF_SPAN(raw), good_der[i].raw);
        T_OK(yf_sig_to_der(YF_SPAN(raw), der, &n));
        T_SPAN(((yf_span){ der, n }), good_der[i].der);
    }
}

static void
der_refuses_the_rest(void **st)
{
    (void)st;
    for (size_t i = 0; i < sizeof bad_der / sizeof *bad_der; i++) {
        uint8_t raw[4] = { 0xA5, 0xA5, 0xA5, 0xA5 };
        yf_err e = yf_sig_from_der(bad_der[i].der, 2, raw);
        if (e != YF_E_FORMAT && e != YF_E_SHORT)
            fail_msg("%s: %s", bad_der[i].what, yf_err_name(e));
        T_SPAN(YF_SPAN(raw), YF_STR("\xA5\xA5\xA5\xA5"));
    }
}

/* The longest there is: P-521, all bits set. */
static void
der_holds_the_largest(void **st)
{
    uint8_t raw[2 * YF_FIELD_MAX], again[2 * YF_FIELD_MAX], der[YF_SIG_DER_MAX];
    size_t n = 0;
    (void)st;

    memset(raw, 0xFF, sizeof raw);
    T_OK(yf_sig_to_der(YF_SPAN(raw), der, &n));
    T(n == YF_SIG_DER_MAX);
    T_OK(yf_sig_from_der((yf_span){ der, n }, YF_FIELD_MAX, again));
    T_MEM(raw, again, sizeof raw);
    T_ERR(YF_E_FORMAT, yf_sig_to_der((yf_span){ raw, 3 }, der, &n));
    T_ERR(YF_E_FORMAT, yf_sig_to_der((yf_span){ raw, 0 }, der, &n));
    T(n == YF_SIG_DER_MAX);
}

T_MAIN(cmocka_unit_test(signs_as_the_vectors), cmocka_unit_test(verifies_as_the_vectors),
       cmocka_unit_test(agrees_as_the_vectors), cmocka_unit_test(keygen_takes_what_is_in_range),
       cmocka_unit_test(keygen_fails_with_its_source),
       cmocka_unit_test(public_key_of_one_is_the_generator),
       cmocka_unit_test(signatures_are_hedged_and_verify), cmocka_unit_test(both_sides_agree),
       cmocka_unit_test(der_reads_what_it_would_write), cmocka_unit_test(der_refuses_the_rest),
       cmocka_unit_test(der_holds_the_largest))
