/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/crypto/key.h>
#include <yufu/crypto/oids.h>
#include <yufu/crypto/provider.h>
#include <yufu/crypto/spki.h>
#include <yufu/wire/der.h>

#include "num.h"
#include "soft/declassify.h"

/* ---- The algorithm ---- */

static const yf_curve *
read_curve(yf_cur *c, uint8_t *form)
{
    bool explicit_params;
    const yf_curve *curve = yf_ec_params_read(c, &explicit_params);

    *form |= explicit_params ? YF_KEY_EXPLICIT : 0;
    return curve;
}

/* RFC 5480 2.1: AlgorithmIdentifier { id-ecPublicKey, the curve }. */
static void
read_algorithm(yf_cur *c, yf_key *k)
{
    yf_cur alg = yf_der_enter(c, YF_DER_SEQ);

    if (yf_oid_of(yf_der_oid(&alg)) != YF_OID_EC_PUBLIC_KEY)
        yf_cur_fail(&alg, YF_E_UNSUPPORTED);
    k->curve = read_curve(&alg, &k->form);
    yf_cur_fail(c, yf_cur_done(&alg));
}

static void
write_algorithm(const yf_key *k, yf_out *o)
{
    size_t alg = yf_der_open(o, YF_DER_SEQ);

    yf_der_put(o, YF_DER_OID, yf_oid_bytes(YF_OID_EC_PUBLIC_KEY));
    yf_der_put(o, YF_DER_OID, k->curve->oid);
    yf_der_close(o, alg);
}

/* ---- Public keys ---- */

static yf_err
set_public(yf_key *k, const yf_group *g, yf_span point)
{
    yf_err e = g->ops->decode(g, point, k->pub);

    if (!e && point.p[0] != 4)
        k->form |= YF_KEY_COMPRESSED;
    return e;
}

static yf_err
open_group(yf_group *g, const yf_provider *p, const yf_curve *c)
{
    return yf_group_open(g, yf_provider_group(p, c), c);
}

/* RFC 5280 4.1.2.7: SubjectPublicKeyInfo { algorithm, BIT STRING point }. */
yf_err
yf_key_read_public(const yf_provider *p, yf_span der, yf_key *k)
{
    yf_cur c = yf_cur_of(der);
    yf_cur spki = yf_der_enter(&c, YF_DER_SEQ);
    yf_key r = { 0 };
    yf_group g;

    read_algorithm(&spki, &r);
    yf_span point = yf_der_bits(&spki, YF_DER_BITS, NULL);
    yf_err e = yf_err_first(yf_cur_done(&spki), yf_cur_done(&c));
    if (e)
        return e;
    if ((e = open_group(&g, p, r.curve)))
        return e;
    if (!(e = set_public(&r, &g, point)))
        *k = r;
    yf_group_close(&g);
    return e;
}

void
yf_key_write_public(const yf_key *k, yf_out *o)
{
    yf_spki_write_ec(o, k->curve, false, yf_key_point(k));
}

/* ---- Private keys ---- */

yf_err
yf_key_generate(const yf_provider *p, const yf_curve *curve, const yf_rng *rng, yf_key *k)
{
    yf_key r = { .curve = curve, .has_private = true };
    yf_group g;
    yf_err e;

    if ((e = open_group(&g, p, curve)))
        return e;
    if (!(e = yf_ec_keygen(&g, rng, r.d, r.pub)))
        *k = r;
    yf_group_close(&g);
    yf_key_wipe(&r);
    return e;
}

/* What stands in an ECPrivateKey. */
struct found {
    yf_span d, point;
    bool has_point;
};

/* RFC 5915: ECPrivateKey { 1, OCTET STRING d, [0] curve OPTIONAL, [1] BIT STRING OPTIONAL }. */
static void
read_ec_private(yf_cur *c, yf_key *k, struct found *f)
{
    yf_cur seq = yf_der_enter(c, YF_DER_SEQ);

    yf_der_small(&seq, YF_DER_INTEGER, 1, 1);
    f->d = yf_der_need(&seq, YF_DER_OCTETS, 1, YF_FIELD_MAX);
    if (yf_der_peek(&seq) == YF_DER_CTX_C(0)) {
        yf_cur named = yf_der_enter(&seq, YF_DER_CTX_C(0));
        const yf_curve *curve = read_curve(&named, &k->form);
        if (k->curve && curve && k->curve != curve)
            yf_cur_fail(&named, YF_E_FORMAT);
        k->form |= k->curve ? YF_KEY_REPEATED : 0;
        k->curve = curve;
        yf_cur_fail(&seq, yf_cur_done(&named));
    }
    if ((f->has_point = yf_der_peek(&seq) == YF_DER_CTX_C(1))) {
        yf_cur tagged = yf_der_enter(&seq, YF_DER_CTX_C(1));
        f->point = yf_der_bits(&tagged, YF_DER_BITS, NULL);
        yf_cur_fail(&seq, yf_cur_done(&tagged));
    }
    if (!k->curve || f->d.n != k->curve->size)
        yf_cur_fail(&seq, YF_E_FORMAT);
    yf_cur_fail(c, yf_cur_done(&seq));
}

/* GB/T 32918.1 6.1 asks for d below n-1; every other curve's range is checked with its product. */
static yf_err
check_range(const yf_key *k)
{
    if (k->curve != &yf_curve_sm2)
        return YF_OK;
    uint8_t good = num_private(k->curve, k->d);
    YF_DECLASSIFY(&good, sizeof good);
    return good ? YF_OK : YF_E_FORMAT;
}

/* The private key as found, and its public key, which must be the one found beside it. */
static yf_err
set_private(yf_key *k, const yf_group *g, const struct found *f)
{
    uint8_t own[YF_POINT_MAX];
    yf_err e;

    memcpy(k->d, f->d.p, f->d.n);
    k->has_private = true;
    if ((e = check_range(k)))
        return e;
    if ((e = yf_ec_public(g, k->d, own)))
        return e;
    if (!f->has_point)
        k->form |= YF_KEY_LONE;
    else if ((e = set_public(k, g, f->point)))
        return e;
    else if (memcmp(own, k->pub, yf_point_size(g)) != 0)
        return YF_E_AUTH;
    memcpy(k->pub, own, yf_point_size(g));
    return YF_OK;
}

static yf_err
finish_private(yf_key *r, const yf_provider *p, const struct found *f, yf_key *k)
{
    yf_group g;
    yf_err e = open_group(&g, p, r->curve);

    if (e)
        return e;
    if (!(e = set_private(r, &g, f)))
        *k = *r;
    yf_group_close(&g);
    yf_key_wipe(r);
    return e;
}

yf_err
yf_key_read_sec1(const yf_provider *p, yf_span der, yf_key *k)
{
    yf_cur c = yf_cur_of(der);
    struct found f = { 0 };
    yf_key r = { 0 };

    read_ec_private(&c, &r, &f);
    yf_err e = yf_cur_done(&c);
    return e ? e : finish_private(&r, p, &f, k);
}

/* RFC 5208 5: PrivateKeyInfo { 0, algorithm, OCTET STRING key, [0] attributes OPTIONAL }. */
yf_err
yf_key_read_private(const yf_provider *p, yf_span der, yf_key *k)
{
    yf_cur c = yf_cur_of(der);
    yf_cur info = yf_der_enter(&c, YF_DER_SEQ);
    struct found f = { 0 };
    yf_key r = { 0 };

    if (yf_der_small(&info, YF_DER_INTEGER, 0, 1) != 0) // 1 is RFC 5958's second version
        yf_cur_fail(&info, YF_E_UNSUPPORTED);
    read_algorithm(&info, &r);
    yf_cur key = yf_der_enter(&info, YF_DER_OCTETS);
    read_ec_private(&key, &r, &f);
    yf_cur_fail(&info, yf_cur_done(&key));
    if (yf_der_peek(&info) == YF_DER_CTX_C(0))
        yf_cur_fail(&info, YF_E_UNSUPPORTED);
    yf_err e = yf_err_first(yf_cur_done(&info), yf_cur_done(&c));
    return e ? e : finish_private(&r, p, &f, k);
}

void
yf_key_write_private(const yf_key *k, yf_out *o)
{
    if (!k->has_private) {
        yf_out_fail(o, YF_E_STATE);
        return;
    }
    size_t info = yf_der_open(o, YF_DER_SEQ);
    yf_der_put_small(o, YF_DER_INTEGER, 0);
    write_algorithm(k, o);
    size_t key = yf_der_open(o, YF_DER_OCTETS);
    size_t ec = yf_der_open(o, YF_DER_SEQ);
    yf_der_put_small(o, YF_DER_INTEGER, 1);
    yf_der_put(o, YF_DER_OCTETS, (yf_span){ k->d, k->curve->size });
    size_t pub = yf_der_open(o, YF_DER_CTX_C(1));
    yf_der_put_bits(o, YF_DER_BITS, yf_key_point(k), 0);
    yf_der_close(o, pub);
    yf_der_close(o, ec);
    yf_der_close(o, key);
    yf_der_close(o, info);
}
