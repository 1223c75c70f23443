/* SPDX-License-Identifier: Apache-2.0 */
/* The vectors of points, numbers and signatures, on every provider's groups. */
#include <yufu/crypto/group.h>

#include "../t.h"
#include "../vec.h"

#ifdef SOFT_ALONE // the other size of limbs: see meson.build
#include "crypto/soft/soft.h"
static const struct yf_group_ops *const tables[] = { &yf_soft_group };
enum { TABLES = 1 };
static void
find_tables(void)
{
}
#else
#include "../providers.h"
static const struct yf_group_ops *tables[16];
static size_t TABLES;

static void
add_table(const struct yf_group_ops *t)
{
    for (size_t i = 0; i < TABLES; i++)
        if (tables[i] == t)
            return;
    if (t)
        tables[TABLES++] = t;
}

static void
find_tables(void)
{
    for (const yf_provider *const *p = test_providers; *p; p++) {
        add_table((*p)->group);
        add_table((*p)->group_sm2);
    }
}
#endif

#include <openssl/ecdsa.h>
#include <openssl/evp.h>

/* A group of one table; false if the table does not do this curve. */
static bool
open_group(yf_group *g, size_t table, const yf_curve *curve)
{
    yf_err e = yf_group_open(g, tables[table], curve);

    T(e == YF_OK || e == YF_E_UNSUPPORTED);
    T(e == YF_OK || table > 0); // soft does all of them
    return !e;
}

typedef void (*check)(const yf_group *g, const struct vec *v);

/* arg is a check: run it on every group that does the record's curve. */
static void
on_every_group(const struct vec *v, void *arg)
{
    const yf_curve *curve = yf_curve_named(vec_has(v, "curve") ? vec_str(v, "curve") : "sm2");
    yf_group g;

    T(curve != NULL);
    for (size_t i = 0; i < TABLES; i++)
        if (open_group(&g, i, curve)) {
            (*(check *)arg)(&g, v);
            yf_group_close(&g);
        }
}

static void
run(const char *file, check c)
{
    if (!tables[0])
        find_tables();
    T(vec_each(file, on_every_group, &c) > 50);
}

static bool
valid(const struct vec *v)
{
    T(strcmp(vec_str(v, "result"), "valid") == 0 || strcmp(vec_str(v, "result"), "invalid") == 0);
    return strcmp(vec_str(v, "result"), "valid") == 0;
}

/* ---- points ---- */

static void
same_point(const yf_group *g, yf_span point, const uint8_t *want)
{
    uint8_t r[YF_POINT_MAX];

    T_OK(g->ops->decode(g, point, r));
    T_MEM(r, want, yf_point_size(g));
}

/* Every form of one point decodes to it, and a hybrid that lies about y is refused. */
static void
forms(const yf_group *g, const uint8_t *point)
{
    const size_t size = g->curve->size;
    const uint8_t odd = point[2 * size] & 1;
    uint8_t in[YF_POINT_MAX], r[YF_POINT_MAX];

    memcpy(in, point, sizeof in);
    same_point(g, (yf_span){ in, 1 + 2 * size }, point);
    in[0] = (uint8_t)(6 + odd);
    same_point(g, (yf_span){ in, 1 + 2 * size }, point);
    in[0] = (uint8_t)(2 + odd);
    same_point(g, (yf_span){ in, 1 + size }, point);
    in[0] = (uint8_t)(7 - odd);
    T_ERR(YF_E_FORMAT, g->ops->decode(g, (yf_span){ in, 1 + 2 * size }, r));
}

static void
multiple(const yf_group *g, const struct vec *v)
{
    const size_t size = g->curve->size;
    uint8_t r[YF_POINT_MAX], gen[YF_POINT_MAX] = { 4 }, want[YF_POINT_MAX] = { 4 };

    memcpy(gen + 1, g->curve->gx, size);
    memcpy(gen + 1 + size, g->curve->gy, size);
    T(vec_get(v, "k").n == size && vec_get(v, "x").n == size && vec_get(v, "y").n == size);
    memcpy(want + 1, vec_get(v, "x").p, size);
    memcpy(want + 1 + size, vec_get(v, "y").p, size);
    T_OK(g->ops->mul(g, vec_get(v, "k").p, (yf_span){ 0 }, r));
    T_MEM(r, want, 1 + 2 * size);
    T_OK(g->ops->mul(g, vec_get(v, "k").p, (yf_span){ gen, 1 + 2 * size }, r));
    T_MEM(r, want, 1 + 2 * size);
    forms(g, want);
}

static void
multiples(void **st)
{
    (void)st;
    run("ecmul.txt", multiple);
}

static void
agreement(const yf_group *g, const struct vec *v)
{
    uint8_t r[YF_POINT_MAX];

    if (vec_get(v, "d").n != g->curve->size)
        return; // not a number of this curve: for the layer above
    yf_err e = g->ops->mul(g, vec_get(v, "d").p, vec_get(v, "pub"), r);
    if (vec_get(v, "pub").n == 0)
        return; // here, that is the generator
    T(e == (valid(v) ? YF_OK : YF_E_FORMAT));
    if (!e)
        T_MEM(r + 1, vec_get(v, "z").p, g->curve->size);
}

static void
agreements(void **st)
{
    (void)st;
    run("ecdh.txt", agreement);
    run("ecdh_edge.txt", agreement);
}

static void
sm2_key(const yf_group *g, const struct vec *v)
{
    uint8_t r[YF_POINT_MAX];
    yf_span key = vec_get(v, "key");
    bool private = strcmp(vec_str(v, "kind"), "private") == 0;

    if (private && (key.n != 32 || !valid(v)))
        return; // n - 1 multiplies, and is no SM2 key
    yf_err e = private ? g->ops->mul(g, key.p, (yf_span){ 0 }, r) : g->ops->decode(g, key, r);
    T(e == (valid(v) ? YF_OK : YF_E_FORMAT));
    if (!e)
        T_MEM(r, vec_get(v, "point").p, 65);
}

static void
sm2_keys(void **st)
{
    (void)st;
    run("sm2_key.txt", sm2_key);
}

/* ---- signatures ---- */

static yf_span
digest_of(const struct vec *v, uint8_t md[EVP_MAX_MD_SIZE])
{
    yf_span msg = vec_get(v, "msg");
    unsigned n;

    T(EVP_Digest(msg.p, msg.n, md, &n, EVP_get_digestbyname(vec_str(v, "hash")), NULL));
    return (yf_span){ md, n };
}

/* DER to r || s; false for what is not exactly that: ec.h is to refuse it. */
static bool
from_der(yf_span der, uint8_t *sig, size_t size)
{
    const uint8_t *p = der.p;
    ECDSA_SIG *s = d2i_ECDSA_SIG(NULL, &p, (long)der.n);
    uint8_t *again = NULL;
    int n = s ? i2d_ECDSA_SIG(s, &again) : -1;
    bool good = n > 0 && yf_span_eq(der, (yf_span){ again, (size_t)n }) &&
                !BN_is_negative(ECDSA_SIG_get0_r(s)) && !BN_is_negative(ECDSA_SIG_get0_s(s)) &&
                BN_bn2binpad(ECDSA_SIG_get0_r(s), sig, (int)size) > 0 &&
                BN_bn2binpad(ECDSA_SIG_get0_s(s), sig + size, (int)size) > 0;

    OPENSSL_free(again);
    ECDSA_SIG_free(s);
    return good;
}

static bool
signature_of(const struct vec *v, uint8_t *sig, size_t size)
{
    yf_span s = vec_get(v, "sig");

    if (!vec_has(v, "fmt") || strcmp(vec_str(v, "fmt"), "der") == 0)
        return from_der(s, sig, size);
    if (s.n == 2 * size)
        memcpy(sig, s.p, s.n);
    return s.n == 2 * size;
}

static void
ecdsa_verifies(const yf_group *g, const struct vec *v)
{
    uint8_t md[EVP_MAX_MD_SIZE], sig[2 * YF_FIELD_MAX], r[YF_POINT_MAX];
    yf_span pub = vec_get(v, "pub"), digest = digest_of(v, md);

    if (!signature_of(v, sig, g->curve->size)) {
        T(!valid(v));
        return;
    }
    yf_err e = g->ops->ecdsa_verify(g, pub, digest, sig);
    if (valid(v))
        T(e == YF_OK);
    else
        T(e == (g->ops->decode(g, pub, r) ? YF_E_FORMAT : YF_E_AUTH));
}

static void
ecdsa_verify(void **st)
{
    (void)st;
    run("ecdsa.txt", ecdsa_verifies);
    run("ecdsa_edge.txt", ecdsa_verifies);
}

/* A source that gives one number. */
static yf_err
given(void *state, const yf_curve *curve, uint8_t *k)
{
    memcpy(k, ((const yf_span *)state)->p, curve->size);
    return YF_OK;
}

/* Signs with the vector's nonce, or with its own if the provider draws its own. */
static void
ecdsa_signs(const yf_group *g, const struct vec *v)
{
    const size_t size = g->curve->size;
    uint8_t md[EVP_MAX_MD_SIZE], sig[2 * YF_FIELD_MAX], pub[YF_POINT_MAX];
    yf_span digest = digest_of(v, md), k = vec_get(v, "k");
    const yf_nonce nonce = { given, &k };

    T_OK(g->ops->ecdsa_sign(g, vec_get(v, "d").p, digest, &nonce, sig));
    T_OK(g->ops->mul(g, vec_get(v, "d").p, (yf_span){ 0 }, pub));
    T_OK(g->ops->ecdsa_verify(g, (yf_span){ pub, 1 + 2 * size }, digest, sig));
    if (g->ops != tables[0])
        return;
    T_MEM(sig, vec_get(v, "r").p, size);
    T_MEM(sig + size, vec_get(v, "s").p, size);
}

static void
ecdsa_sign(void **st)
{
    (void)st;
    run("ecdsa_sign.txt", ecdsa_signs);
}

static void
sm2_digest(const yf_group *g, const struct vec *v)
{
    uint8_t sig[64], r[65];

    if (!from_der(vec_get(v, "sig"), sig, 32))
        return;
    yf_err e = g->ops->sm2_verify(g, vec_get(v, "pub"), vec_get(v, "e"), sig);
    if (e == YF_E_UNSUPPORTED)
        T(g->ops != tables[0]);
    else if (valid(v))
        T(e == YF_OK);
    else
        T(e == (g->ops->decode(g, vec_get(v, "pub"), r) ? YF_E_FORMAT : YF_E_AUTH));
}

static void
sm2_record(const yf_group *g, const struct vec *v)
{
    bool signs = strcmp(vec_str(v, "kind"), "sign") == 0;
    uint8_t sig[64];

    if (!signs && strcmp(vec_str(v, "kind"), "verify") != 0)
        return;
    memcpy(sig, vec_get(v, "r").p, 32);
    memcpy(sig + 32, vec_get(v, "s").p, 32);
    yf_err e = g->ops->sm2_verify(g, vec_get(v, "pub"), vec_get(v, "e"), sig);
    T(e == YF_OK || (e == YF_E_UNSUPPORTED && g->ops != tables[0]));
    if (!signs || g->ops != tables[0])
        return;
    yf_span k = vec_get(v, "k");
    const yf_nonce nonce = { given, &k };
    memset(sig, 0, sizeof sig);
    T_OK(g->ops->sm2_sign(g, vec_get(v, "d").p, vec_get(v, "e"), &nonce, sig));
    T_MEM(sig, vec_get(v, "r").p, 32);
    T_MEM(sig + 32, vec_get(v, "s").p, 32);
}

static void
sm2_signatures(void **st)
{
    (void)st;
    run("sm2.txt", sm2_record);
    run("sm2_digest.txt", sm2_digest);
}

T_MAIN(cmocka_unit_test(multiples), cmocka_unit_test(agreements), cmocka_unit_test(sm2_keys),
       cmocka_unit_test(ecdsa_verify), cmocka_unit_test(ecdsa_sign),
       cmocka_unit_test(sm2_signatures))
